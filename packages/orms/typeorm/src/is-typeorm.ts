import { LifeguardError } from '@pool-lifeguard/core';
import type { DataSource, MysqlDriver } from './typeorm-shapes.ts';

/**
 * The driver of a data source that can be guarded.
 *
 * @throws LifeguardError `LIFEGUARD_UNSUPPORTED` for anything but a MySQL or MariaDB data source.
 */
export function driverOf(dataSource: unknown): MysqlDriver {
  if (!isDataSource(dataSource)) {
    throw unsupported('guard() was given something that is not a DataSource of TypeORM');
  }
  const { driver } = dataSource;
  if (isMysqlDriver(driver)) return driver;
  throw unsupported('guard() was given a DataSource of another database');
}

/** Whether this is a data source of MySQL or MariaDB, of a TypeORM that the adapter knows. */
export function isGuardable(dataSource: unknown): boolean {
  return isDataSource(dataSource) && isMysqlDriver(dataSource.driver);
}

function isDataSource(value: unknown): value is DataSource {
  if (typeof value !== 'object' || value === null) return false;
  const { driver, initialize } = value as Partial<DataSource>;
  return typeof driver === 'object' && typeof initialize === 'function';
}

function isMysqlDriver(driver: object): driver is MysqlDriver {
  const { options, connect, createQueryRunner, createConnectionOptions } =
    driver as Partial<MysqlDriver>;
  const methods = [connect, createQueryRunner, createConnectionOptions];
  return (
    (options?.type === 'mysql' || options?.type === 'mariadb') &&
    methods.every((method) => typeof method === 'function')
  );
}

function unsupported(what: string): LifeguardError {
  return new LifeguardError(
    'LIFEGUARD_UNSUPPORTED',
    `${what}; allowed: a DataSource of TypeORM ^0.3.20 or ^1.0.0 of type "mysql" or "mariadb".`,
  );
}

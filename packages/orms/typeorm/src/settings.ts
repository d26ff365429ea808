import { LifeguardError, type LifeguardOptions } from '@pool-lifeguard/core';
import type { MysqlDriver } from './typeorm-shapes.ts';

/** The configuration flag: `extra: { lifeguard: true }`, `false`, or options. */
export type LifeguardFlag = boolean | LifeguardOptions;

/** What `extra.lifeguard` of a data source says; undefined where it is not set. */
export function flagOf(driver: MysqlDriver): LifeguardFlag | undefined {
  const { extra } = driver.options;
  if (typeof extra !== 'object' || extra === null || !('lifeguard' in extra)) return undefined;
  const flag: unknown = extra.lifeguard;
  if (flag === undefined || typeof flag === 'boolean') return flag;
  if (typeof flag === 'object' && flag !== null) return flag;
  throw new LifeguardError(
    'LIFEGUARD_INVALID_OPTION',
    `Option "extra.lifeguard" is ${JSON.stringify(flag)}; allowed: true, false or an object of options.`,
  );
}

/** The options of a data source: those given in code, before those of the flag. */
export function settingsOf(driver: MysqlDriver, options?: LifeguardOptions): LifeguardOptions {
  const flag = flagOf(driver);
  const configured = typeof flag === 'object' ? flag : { enabled: flag ?? true };
  return options === undefined ? configured : { ...configured, ...options };
}

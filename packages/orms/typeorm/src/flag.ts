import { DataSource } from 'typeorm';
import { guard } from './guard.ts';
import { driverOf, isGuardable } from './is-typeorm.ts';
import { flagOf } from './settings.ts';
import { isLifeguardSubscriber } from './subscriber-brand.ts';

const honoured = Symbol.for('pool-lifeguard.typeorm.flag.1');

/**
 * Guards each data source when it is initialized, if it asks for that: by `extra.lifeguard`, by the
 * environment, or by our subscriber among its own. Once per TypeORM, whoever calls it.
 *
 * A subscriber alone could not do it: it hears of a statement after the connection is taken, and
 * does not hear of streams at all.
 */
export function honourFlag(): void {
  const prototype = DataSource.prototype as DataSource & { [honoured]?: boolean };
  if (prototype[honoured]) return;
  Object.defineProperty(prototype, honoured, { value: true });
  const { initialize } = prototype;
  prototype.initialize = async function (this: DataSource): Promise<DataSource> {
    if (isGuardable(this) && isFlagged(this)) guard(this);
    await initialize.call(this);
    const subscriber = (this.subscribers as object[]).find(isLifeguardSubscriber);
    if (subscriber && isGuardable(this)) guard(this, subscriber.options);
    return this;
  };
}

/** Whether a data source, or the environment, says anything about guarding it. */
function isFlagged(dataSource: DataSource): boolean {
  // A flag that says no is ours too: mysql2 must not see it.
  if (flagOf(driverOf(dataSource)) !== undefined) return true;
  return /^\s*(on|observe)\s*$/i.test(process.env['LIFEGUARD'] ?? '');
}

import { EventSubscriber, type EntitySubscriberInterface } from 'typeorm';
import type { LifeguardOptions } from '@pool-lifeguard/core';
import { honourFlag } from './flag.ts';
import { guardUnlessKnown } from './guard.ts';
import { subscriberBrand } from './subscriber-brand.ts';

/** The event of a statement: the data source has another name in TypeORM 0.3. */
interface QueryEvent {
  readonly dataSource?: object;
  readonly connection?: object;
}

/**
 * Guards every data source that lists it: `subscribers: [LifeguardSubscriber]`. Options come from
 * `extra.lifeguard`, or from `lifeguardSubscriber(options)`.
 */
@EventSubscriber()
export class LifeguardSubscriber implements EntitySubscriberInterface {
  readonly [subscriberBrand] = true;
  readonly options: LifeguardOptions | undefined = undefined;

  /** For a data source that was initialized before this module was loaded. */
  beforeQuery(event: QueryEvent): void {
    const dataSource = event.dataSource ?? event.connection;
    if (dataSource) guardUnlessKnown(dataSource, this.options);
  }
}

/** The subscriber with options of its own: `subscribers: [lifeguardSubscriber({ … })]`. */
export function lifeguardSubscriber(options: LifeguardOptions): typeof LifeguardSubscriber {
  @EventSubscriber()
  class ConfiguredLifeguardSubscriber extends LifeguardSubscriber {
    override readonly options = options;
  }
  return ConfiguredLifeguardSubscriber;
}

honourFlag();

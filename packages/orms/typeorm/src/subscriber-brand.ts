import type { LifeguardOptions } from '@pool-lifeguard/core';

/** Marks our subscribers, whichever copy of the package they come from. */
export const subscriberBrand = Symbol.for('pool-lifeguard.typeorm.subscriber.1');

/** Whether a subscriber of a data source is ours. */
export function isLifeguardSubscriber(
  subscriber: object,
): subscriber is { readonly options: LifeguardOptions | undefined } {
  return subscriberBrand in subscriber;
}

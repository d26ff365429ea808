import { failureOf } from '@pool-lifeguard/testkit';
import { LifeguardError, type LifeguardErrorCode } from '@pool-lifeguard/typeorm';
import { expect } from 'chai';

/** The error of ours with which a promise is rejected. */
export async function lossOf(
  promise: Promise<unknown>,
  code: LifeguardErrorCode,
): Promise<LifeguardError> {
  const error = await failureOf(promise);
  expect(error).to.be.instanceOf(LifeguardError);
  expect(error).to.have.property('code', code);
  return error as LifeguardError;
}

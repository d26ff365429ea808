/** Milliseconds on the monotonic clock that all processes of a machine share. */
export function moment(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

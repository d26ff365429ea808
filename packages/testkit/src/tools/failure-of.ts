/** The error with which a promise is rejected; fails if it is not. */
export async function failureOf(promise: PromiseLike<unknown>): Promise<NodeJS.ErrnoException> {
  const error = await promise.then(
    () => undefined,
    (thrown: NodeJS.ErrnoException) => thrown,
  );
  if (!error) throw new Error('it was expected to fail');
  return error;
}

/** A callback in the manner of Node. */
export type Done<T> = (error: Error | null | undefined, result?: T) => void;

/** What somebody calls back with, who is asked by a callback. */
export function answerOf<T>(ask: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, result) => (error ? reject(error) : resolve(result as T)));
  });
}

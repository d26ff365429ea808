/**
 * @typedef {((text: string) => void) & { done(): void }} Speaker
 */

/**
 * Lets several speak at once and be heard one after the other: the first who is not done is heard
 * live, and what the others say is kept until it is their turn.
 *
 * @param {NodeJS.WritableStream} out
 * @returns {() => Speaker} who gives the next place in the order
 */
export function inOrder(out) {
  /** @type {{ kept: string[], done: boolean }[]} */
  const speakers = [];
  const tell = () => {
    for (let [first] = speakers; first; [first] = speakers) {
      for (const text of first.kept.splice(0)) out.write(text);
      if (!first.done) return;
      speakers.shift();
    }
  };
  return () => {
    const speaker = { kept: /** @type {string[]} */ ([]), done: false };
    speakers.push(speaker);
    return Object.assign(
      (/** @type {string} */ text) => {
        speaker.kept.push(text);
        tell();
      },
      {
        done() {
          speaker.done = true;
          tell();
        },
      },
    );
  };
}

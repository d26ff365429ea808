/** A queue of texts that mostly holds none or one, and allocates nothing for that. */
export class Texts {
  /** The characters of all of them. */
  characters = 0;
  #first: string | undefined;
  #others: string[] | undefined;

  get length(): number {
    return this.#first === undefined ? 0 : 1 + (this.#others?.length ?? 0);
  }

  push(text: string): void {
    this.characters += text.length;
    if (this.#first === undefined) this.#first = text;
    else (this.#others ??= []).push(text);
  }

  shift(): string | undefined {
    const text = this.#first;
    this.characters -= text?.length ?? 0;
    this.#first = this.#others?.shift();
    return text;
  }

  /** The text that is the next to leave. */
  get first(): string | undefined {
    return this.#first;
  }

  /** Takes out the text that came last, if it equals this one. */
  takeBack(text: string): void {
    const last = this.#others?.at(-1) ?? this.#first;
    if (last !== text) return;
    this.characters -= text.length;
    if (this.#others?.length) this.#others.pop();
    else this.#first = undefined;
  }

  clear(): void {
    this.characters = 0;
    this.#first = undefined;
    this.#others = undefined;
  }

  *[Symbol.iterator](): Generator<string> {
    if (this.#first !== undefined) yield this.#first;
    if (this.#others) yield* this.#others;
  }
}

import type { Executed } from './failures.ts';
import {
  beginsTransaction,
  endsTransaction,
  mayEndTransaction,
  readStatement,
} from './statements.ts';
import { Texts } from './texts.ts';

/** Bits of the status that MySQL and MariaDB send with each OK packet. */
const IN_TRANSACTION = 1;
const AUTOCOMMIT = 2;

/** How many statements may stay unread, and how many characters of them are kept. */
const MOST_UNREAD = 64;
const LONGEST_UNREAD = 1 << 20;

/**
 * What a lease has made of its session, as seen on the wire: whether a transaction is open, and
 * which state a fresh connection would lack.
 */
export class LeaseSession {
  /** The server's last word on whether a transaction is open. */
  inTransaction = false;
  #autocommit = true;
  readonly #state = new Set<string>();
  /** Statements not read yet. Reading takes time, and few leases live to be asked. */
  readonly #unread = new Texts();

  /** Statements that were sent and have no answer yet, in their order. */
  readonly #unanswered = new Texts();
  /** For good: several statements were under way when the connection was lost: what each meant is unsure. */
  #lostSeveral = false;

  /** A statement was handed to the connection. */
  sent(sql: string): void {
    this.#unanswered.push(sql);
    this.#unread.push(sql);
    const { length, characters } = this.#unread;
    if (length > MOST_UNREAD || characters > LONGEST_UNREAD) this.#read();
  }

  /** The server answered; `status` where the driver shows it (not for the end of a result set). */
  answered(status: number | undefined): void {
    const sql = this.#unanswered.shift() ?? '';
    if (status !== undefined) {
      this.inTransaction = (status & IN_TRANSACTION) !== 0;
      this.#autocommit = (status & AUTOCOMMIT) !== 0;
    } else if (endsTransaction(sql)) {
      this.inTransaction = false;
    } else if (!this.#autocommit || beginsTransaction(sql)) {
      this.inTransaction = true;
    }
  }

  /** The server refused a statement (or its prepare), which says nothing of the transaction. */
  refused(sql: string): void {
    if (this.#unanswered.first === sql) this.#unanswered.shift();
  }

  /** A statement was lost with the connection; one that was not executed has done nothing. */
  lost(sql: string, executed: Executed): void {
    const { length, first } = this.#unanswered;
    // The text of a prepare is not among them.
    if (length > 1 || (length === 1 && first !== sql)) this.#lostSeveral = true;
    else if (length === 1 && executed === 'no') {
      this.#unanswered.clear();
      this.#unread.takeBack(sql);
    }
  }

  /** Whether a fresh connection serves as well as this one, as far as the session goes. */
  get isReplaceable(): boolean {
    return !this.inTransaction && !this.#lostSeveral && this.state.length === 0;
  }

  /** Whether a statement is without an answer that may have ended the transaction. */
  get mayHaveCommitted(): boolean {
    return [...this.#unanswered].some(mayEndTransaction);
  }

  /** Names of the state that would be lost with the connection. */
  get state(): readonly string[] {
    this.#read();
    return [...this.#state];
  }

  /** The lease ends: what it left behind is not the next one's, and no text of it is kept. */
  end(): void {
    if (this.#state.size > 0) this.#state.clear();
    this.#unread.clear();
    this.#unanswered.clear();
  }

  /** The transaction that was open is undone. */
  rolledBack(): void {
    this.inTransaction = false;
  }

  /** The session began anew on the same connection; `as` names what a fresh one would lack. */
  restarted(as?: string): void {
    this.end();
    this.inTransaction = false;
    this.#autocommit = true;
    if (as !== undefined) this.#state.add(as);
  }

  #read(): void {
    for (const sql of this.#unread) {
      const effects = readStatement(sql);
      for (const name of effects.drops) this.#state.delete(name);
      for (const name of effects.creates) this.#state.add(name);
    }
    this.#unread.clear();
  }
}

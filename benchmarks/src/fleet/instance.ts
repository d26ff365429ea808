/** One process of the fleet, with its pool. */
export interface Instance {
  /** It begins its work, which needs every connection at once. */
  start(): void;
  /** So many borrows come at once. */
  work(borrows: number): void;
  /** The server's end of all its connections is gone. */
  reset(): void;
}

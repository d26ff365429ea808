/** Values that stand for the question marks of a statement. */
export type Params = (string | number)[];

/** What a subject logs in with; every driver has an option of the same name and meaning. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly ssl?: { readonly ca: string };
  readonly socketPath?: string;
  readonly compress?: boolean;
  /** Milliseconds after which the driver itself gives a dial up. */
  readonly connectTimeout?: number;
}

/** The options of Lifeguard that the suite sets, all in milliseconds. */
export interface Settings {
  readonly maxLifetime?: number;
  readonly aliveBypassWindow?: number;
  readonly pingAfter?: number;
  readonly pingIdleAfter?: number;
  readonly validationTimeout?: number;
  readonly connectionTimeout?: number;
  readonly keepaliveTime?: number | 'auto';
  readonly on?: { readonly limitRead: () => void };
}

/** The name of the way that leaves a subject as it is, without Lifeguard. */
export const BARE = 'bare';

/** How a subject is to open its pool. */
export interface OpenOptions {
  readonly connection: Login;
  readonly connectionLimit: number;
  /** `bare`, or one of the subject's ways. */
  readonly way: string;
  readonly lifeguard?: Settings | undefined;
}

/** A connection that somebody holds over several statements. */
export interface HeldConnection {
  query(sql: string, params?: Params): Promise<unknown>;
  /** Reads a result as a stream, and resolves with its rows. */
  stream?(sql: string): Promise<readonly unknown[]>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  release(): Promise<void>;
}

/** What the suite reads from a pool's guard. */
export interface GuardView {
  stats(): GuardStats;
  on(event: 'limitRead', listener: () => void): () => void;
}

/** A part of the guard's snapshot. */
export interface GuardStats {
  readonly total: number;
  readonly lent: number;
  readonly looks: number;
  readonly pings: number;
  readonly opened: number;
  readonly moved: number;
  readonly lost: number;
  readonly closed: Readonly<Partial<Record<string, number>>>;
  readonly waitTimeoutMs: number | undefined;
}

/** An open pool of a subject. */
export interface SubjectPool {
  query(sql: string, params?: Params): Promise<unknown>;
  hold?(): Promise<HeldConnection>;
  /** Absent when bare. */
  readonly guard?: GuardView | undefined;
  close(): Promise<void>;
}

/** What a subject can do; the suite tests what follows from it, absence included. */
export interface Supports {
  /** What becomes of a held connection that died: a fresh one takes its place, or the holder is told. */
  readonly held: 'moves' | 'fails' | 'none';
  readonly streams: boolean;
  /**
   * The driver itself validates at a borrow, in a way of its own: bare, a fault may show or not. Its
   * own tests tell which. Default `false`.
   */
  readonly validates?: boolean;
}

/** A driver or an ORM as the suite knows it: how to open it, bare and guarded. */
export interface Subject {
  readonly name: string;
  /** The address of its module, which exports it as `subject`: child processes import it. */
  readonly module: string;
  /** The ways to switch Lifeguard on; each alone gives the whole protection. */
  readonly ways: readonly string[];
  readonly supports: Supports;
  /**
   * Its pools are those of another subject, as a cluster's are: only the essential faults are brought
   * about for it, the others for that one. Default `false`.
   */
  readonly composite?: boolean;
  open(options: OpenOptions): Promise<SubjectPool>;
}

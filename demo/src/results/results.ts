import type { Flavour } from '@pool-lifeguard/testkit';
import type { GuardReason, QueryEntry, SocketEnd } from '../application/log.ts';
import type { OrmName } from '../orms.ts';
import type { SceneName } from '../scenes/index.ts';
import type { Side } from '../stage/side.ts';

/** How a query went. */
export type Fate = 'ok' | 'slow' | 'failed';

/** An answer that takes longer than this counts as slow. */
export const SLOW_MS = 250;

/** How a connection ended: for Lifeguard's reason, or as its socket saw it. */
export type ConnectionEnd = `lifeguard:${GuardReason}` | SocketEnd | 'shutdown';

/** A query, in milliseconds since the start of the first scene. */
export interface QueryResult {
  readonly scene: SceneName;
  readonly who: string;
  readonly kind: QueryEntry['kind'];
  readonly startMs: number;
  readonly endMs: number;
  readonly fate: Fate;
  readonly unanswered: boolean;
  readonly error: string | undefined;
}

/** A physical connection, in milliseconds since the start of the first scene. */
export interface ConnectionResult {
  /** Counts this side's connections. */
  readonly number: number;
  readonly scene: SceneName;
  readonly openedMs: number;
  readonly closedMs: number;
  /** When it was dead on the other side, if the application did not notice at once. */
  readonly deadMs: number | undefined;
  readonly leases: readonly (readonly [startMs: number, endMs: number])[];
  readonly end: ConnectionEnd | undefined;
  /** One of those that every scene starts with. */
  readonly first: boolean;
}

/** What happened, over a span of time. */
export interface MarkResult {
  readonly kind: 'frozen' | 'computing' | 'away' | 'dropped';
  readonly startMs: number;
  readonly endMs: number;
}

/** A scene that was played. */
export interface SceneResult {
  readonly name: SceneName;
  readonly title: string;
  readonly short: string;
  readonly story: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** What users were told is posted, and what the database holds in the end. */
export interface PostsResult {
  readonly confirmed: number;
  readonly stored: number;
  readonly storedTwice: number;
}

/** One of the two runs. */
export interface SideResult {
  readonly queries: readonly QueryResult[];
  readonly connections: readonly ConnectionResult[];
  readonly marks: readonly MarkResult[];
  readonly posts: PostsResult;
  /** How often Lifeguard moved a held connection's holder to a fresh one, by scene. */
  readonly moved: Readonly<Partial<Record<SceneName, number>>>;
  /** How often opening a connection failed and Lifeguard tried again, by scene. */
  readonly redialed: Readonly<Partial<Record<SceneName, number>>>;
}

/** A scene that could not be played. */
export interface OmittedResult {
  readonly title: string;
  readonly why: string;
}

/** What was played with one ORM on one server: all that the table, the report and the picture are made of. */
export interface Results {
  readonly orm: OrmName;
  readonly flavour: Flavour;
  /** Such as `MariaDB 10.11.19`. */
  readonly server: string;
  readonly node: string;
  readonly startedAt: string;
  readonly waitTimeoutSeconds: number;
  readonly poolSize: number;
  readonly userCount: number;
  readonly patienceMs: number;
  readonly scenes: readonly SceneResult[];
  readonly omitted: readonly OmittedResult[];
  readonly sides: Readonly<Record<Side, SideResult>>;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { ApplicationLog } from '../application/log.ts';
import type { Cleanup } from '../cleanup.ts';
import { nowMs } from '../clock.ts';
import type { OrmName } from '../orms.ts';
import type { Scene } from '../scenes/scene.ts';
import { App } from './app.ts';
import type { Host } from './host.ts';
import { IDLE_LIMIT_SECONDS } from './idle-limit.ts';
import { ServerWatch } from './server-watch.ts';
import { forBoth, SIDES } from './side.ts';
import type { Side } from './side.ts';

/** A time in which something was done to the applications, for the timeline. */
export interface StageMark {
  readonly kind: 'frozen' | 'away' | 'dropped';
  readonly startMs: number;
  readonly endMs: number;
}

/** When a scene was played. */
export interface SceneTime {
  readonly scene: Scene;
  /** When both applications began to open their pools for it. */
  readonly openingMs: number;
  /** When the users' part began: the pools were open and full by then. */
  readonly startMs: number;
  readonly endMs: number;
}

/** How one side fared in a scene. */
export interface Score {
  readonly asked: number;
  readonly failed: number;
}

/** How much later than its limit a server may close a connection: its clock has a coarse grain. */
const SERVER_GRACE_MS = 10_000;

/** A moment of calm after each scene, in which whatever comes late is still seen. */
const CALM_MS = 300;

/** The least time for which a server that is restarted is away. */
const AWAY_MS = 1_200;

/** Both applications, one server, and all that can be done to them. Scenes are played here. */
export class Stage {
  readonly marks: StageMark[] = [];
  readonly scenes: SceneTime[] = [];
  readonly watch: ServerWatch;
  readonly orm: OrmName;
  readonly #apps: Readonly<Record<Side, App>>;
  readonly #host: Host;
  #awaySince = 0;
  /** Tells people who wait what happens now. */
  say: (text: string) => void = () => {};

  private constructor(host: Host, orm: OrmName, apps: Readonly<Record<Side, App>>) {
    this.#host = host;
    this.orm = orm;
    this.#apps = apps;
    const { bare, guarded } = apps;
    this.watch = new ServerWatch(host.server, { bare: bare.database, guarded: guarded.database });
  }

  /** Starts both applications, each on a database of its own, and says how to remove them. */
  static async set(host: Host, orm: OrmName, cleanup: Cleanup): Promise<Stage> {
    const { server } = host;
    const apps = await forBoth(async (side) => {
      const database = await server.createDatabase('lifeguard_demo');
      cleanup.add(() => server.dropDatabase(database));
      const app = await App.start(orm, side, server, database);
      cleanup.add(() => app.stop());
      return app;
    });
    const stage = new Stage(host, orm, apps);
    cleanup.add(() => Promise.resolve(stage.watch.stop()));
    return stage;
  }

  /** Does the same with both applications at the same time. */
  both<T>(act: (app: App) => Promise<T>): Promise<Record<Side, T>> {
    return forBoth((side) => act(this.#apps[side]));
  }

  /** Plays a scene on new, full pools. Returns how many queries were asked, and how many failed. */
  async play(scene: Scene): Promise<Record<Side, Score>> {
    this.say('both applications open a new pool');
    const openingMs = nowMs();
    const seconds = IDLE_LIMIT_SECONDS[scene.idleLimit];
    const { server, setsGlobals } = this.#host;
    if (setsGlobals) await server.setGlobal('wait_timeout', seconds);
    const sessionWaitTimeout = setsGlobals ? undefined : seconds;
    await this.both((app) => app.open({ sessionWaitTimeout }));
    const startMs = nowMs();
    await scene.play(this);
    await sleep(CALM_MS);
    this.scenes.push({ scene, openingMs, startMs, endMs: nowMs() });
    await this.both((app) => app.close());
    return this.both(async (app) => scoreSince(openingMs, await app.log()));
  }

  /** Lets the server close all idle connections, or just these; its own clock decides when. */
  async pastIdleLimit(ids?: readonly number[]): Promise<void> {
    const seconds = IDLE_LIMIT_SECONDS.short;
    this.say(`waiting until the server hangs up (wait_timeout = ${seconds} s)`);
    const timeoutMs = seconds * 1000 + SERVER_GRACE_MS;
    await this.watch.untilGone(ids, timeoutMs);
  }

  async pause(ms: number, why: string): Promise<void> {
    this.say(why);
    await sleep(ms);
  }

  /** Freezes both processes for as long as that takes. */
  async frozen(during: () => Promise<void>): Promise<void> {
    const startMs = nowMs();
    await this.both((app) => app.freeze());
    await during();
    this.#mark('frozen', startMs);
    await this.both((app) => app.thaw());
  }

  async killAll(): Promise<void> {
    for (const side of SIDES) await this.#host.server.killAll({ db: this.#apps[side].database });
  }

  /** Shuts the server down; from then on its network refuses connections. */
  async shutDown(): Promise<void> {
    this.say('the server goes down');
    this.#awaySince = nowMs();
    this.watch.pause();
    await this.both((app) => app.refuseConnections());
    await this.#host.server.down();
    this.watch.allLost();
  }

  /** Starts the server again, after a moment. */
  async startAgain(): Promise<void> {
    await this.pause(AWAY_MS, 'users come while the server is away');
    await this.#host.server.up();
    this.watch.resume();
    this.#mark('away', this.#awaySince);
    await this.both((app) => app.acceptConnections());
  }

  /** The network loses all connections of now, and tells nobody. */
  dropConnections(): void {
    for (const side of SIDES) this.#apps[side].dropConnections();
    this.watch.allLost();
    this.#mark('dropped', nowMs());
  }

  #mark(kind: StageMark['kind'], startMs: number): void {
    this.marks.push({ kind, startMs, endMs: nowMs() });
  }
}

function scoreSince(openingMs: number, { queries }: ApplicationLog): Score {
  const asked = queries.filter(({ startMs }) => startMs >= openingMs);
  return { asked: asked.length, failed: asked.filter(({ error }) => error !== undefined).length };
}

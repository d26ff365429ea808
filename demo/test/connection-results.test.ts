import { expect } from 'chai';
import type { ConnectionEntry } from '../src/application/log.ts';
import { laneConnections, laneCount } from '../src/report/chart/lanes.ts';
import { connectionResults } from '../src/results/connection-results.ts';
import { Timetable } from '../src/results/timetable.ts';
import { SCENES } from '../src/scenes/index.ts';
import { side } from './fixtures/results.ts';

const [first, second] = SCENES;
const times = new Timetable([
  { scene: first!, openingMs: 1_000, startMs: 1_050, endMs: 2_000 },
  { scene: second!, openingMs: 2_000, startMs: 2_050, endMs: 3_000 },
]);

const entry = (change: Partial<ConnectionEntry>): ConnectionEntry => {
  return { serverId: 7, openedMs: 1_010, leases: [], ...change };
};

describe('the life of a connection', () => {
  it('is told in milliseconds since the start, and belongs to the scene in which it began', () => {
    const opened = [entry({ closedMs: 1_900 }), entry({ openedMs: 2_500 })];
    const [one, other] = connectionResults(opened, [], times);
    expect(one).to.include({ number: 1, scene: 'idle', openedMs: 10, closedMs: 900, first: true });
    expect(other).to.include({ number: 2, scene: 'frozen', closedMs: 2_000, first: false });
    expect(other?.end).to.equal(undefined);
  });

  it('is over for the server first, where the application does not notice', () => {
    const lives = [
      entry({ closedMs: 1_600, socketEnd: 'reset' }),
      entry({ openedMs: 2_100, closedMs: 2_600, socketEnd: 'fin' }),
    ];
    const ends = [
      { serverId: 7, atMs: 1_400 },
      { serverId: 7, atMs: 2_700 },
    ];
    const [unnoticed, noticed] = connectionResults(lives, ends, times);
    expect(unnoticed?.deadMs).to.equal(400);
    expect(noticed?.deadMs).to.equal(undefined);
  });

  it('ends for the reason of whoever ended it', () => {
    const closed = { closedMs: 1_500, socketEnd: 'local' } as const;
    const lives = [
      entry({ ...closed, socketEnd: 'fin' }),
      entry({ ...closed, guardReason: 'ping-timeout' }),
      entry({ ...closed, guardReason: 'look', shutdown: true }),
    ];
    const ends = connectionResults(lives, [], times).map(({ end }) => end);
    expect(ends).to.deep.equal(['fin', 'lifeguard:ping-timeout', 'shutdown']);
  });

  it('is drawn in the lane of one that is over', () => {
    const [connection] = side([]).connections;
    const spans = [
      [0, 900],
      [10, 400],
      [405, 800],
    ] as const;
    const connections = spans.map(([openedMs, closedMs]) => {
      return { ...connection!, openedMs, closedMs };
    });
    const laned = laneConnections(side([], { connections }));
    expect(laned.map(({ lane }) => lane)).to.deep.equal([0, 1, 1]);
    expect(laneCount(laned)).to.equal(2);
  });
});

import { expect } from 'chai';
import { restore, spy, stub } from 'sinon';
import { Emitter } from '../src/events.ts';
import type { LifeguardOptions } from '../src/options.ts';
import { readOptions } from '../src/read-options.ts';
import { Roster } from '../src/roster.ts';
import { FakeClock } from './support/fake-clock.ts';
import { FakeConnection } from './support/fake-connection.ts';
import { FakeDriver } from './support/fake-driver.ts';

interface Parts {
  readonly clock: FakeClock;
  readonly driver: FakeDriver;
  readonly emitter: Emitter;
  readonly roster: Roster<FakeConnection>;
}

function rosterOf(options: LifeguardOptions = {}, random = 0): Parts {
  const clock = new FakeClock();
  const driver = new FakeDriver(clock);
  const emitter = new Emitter();
  const policy = readOptions(options, {});
  const roster = new Roster(driver, { policy, emitter, clock, random: () => random });
  return { clock, driver, emitter, roster };
}

const at = (address: string): FakeConnection =>
  Object.assign(new FakeConnection(Math.random()), { address });

describe('the roster', () => {
  it('bears the name that the user gave, or else the driver’s', () => {
    expect(rosterOf().roster.poolName).to.equal('fake');
    expect(rosterOf({ poolName: 'main' }).roster.poolName).to.equal('main');
  });

  it('knows a connection from its enrolment on', () => {
    const { roster } = rosterOf();
    const connection = at('a:3306');
    expect(roster.get(connection)).to.equal(undefined);
    const record = roster.enroll(connection, 'idle');
    expect(roster.get(connection)).to.equal(record);
    expect(record).to.include({ id: 1, state: 'idle', generation: 0, bytesAtRest: 100 });
    expect(roster.enroll(at('a:3306'), 'leased')).to.include({ id: 2, state: 'leased' });
  });

  it('shortens limits by chance, a lifetime by up to a quarter, and never lengthens them', () => {
    for (const [random, lifetime, idleLimit] of [
      [0, 10_000, 1_000],
      [0.5, 8_750, 950],
      [1, 7_500, 900],
    ] as const) {
      const { clock, roster } = rosterOf({ maxLifetime: '10s', idleTimeout: '1s' }, random);
      const record = roster.enroll(at('a:3306'), 'idle');
      expect(record.retireAt).to.be.closeTo(clock.now() + lifetime, 1e-6);
      expect(record.idleLimitMs).to.be.closeTo(idleLimit, 1e-6);
    }
  });

  it('enrols into the generation of today, or of the day when the dial began', () => {
    const { roster } = rosterOf();
    roster.health.generation = 5;
    expect(roster.enroll(at('a:3306'), 'idle').generation).to.equal(5);
    expect(roster.enroll(at('a:3306'), 'idle', 4).generation).to.equal(4);
  });
});

describe('the address of a connection', () => {
  it('is one for all that lead there', () => {
    const { clock, roster } = rosterOf();
    const first = roster.enroll(at('a:3306'), 'idle');
    clock.advance(5_000);
    const second = roster.enroll(at('a:3306'), 'idle');
    expect(second.peer).to.equal(first.peer);
    expect(first.peer.heardAt).to.equal(clock.now());
  });

  it('is heard when one of them is', () => {
    const { clock, roster } = rosterOf();
    const connections = [at('a:3306'), at('a:3306'), at('b:3306')];
    const [first, second, other] = connections.map((one) => roster.enroll(one, 'idle'));
    const begin = clock.now();
    clock.advance(9_000);
    connections[0]!.bytes = 150;
    roster.heard(connections[0]!, first!, clock.now());
    expect(second!.peer.heardAt).to.equal(clock.now());
    expect([second!.heardAt, other!.peer.heardAt]).to.deep.equal([begin, begin]);
    expect(first!.bytesAtRest).to.equal(150);
  });
});

describe('a warning', () => {
  afterEach(() => restore());

  it('goes to the logger and to the listeners, with the pool’s name', () => {
    const logger = { warn: spy() };
    const { emitter, roster } = rosterOf({ logger, poolName: 'main' });
    const listener = spy();
    emitter.on('warning', listener);
    roster.warn('careful');
    expect(logger.warn.args).to.deep.equal([['Lifeguard, pool "main": careful']]);
    expect(listener.args).to.deep.equal([[{ poolName: 'main', message: 'careful' }]]);
  });

  it('is a warning of the process where no logger is given', () => {
    const emitted = stub(process, 'emitWarning');
    rosterOf().roster.warn('careful');
    const [[text, details] = []] = emitted.args;
    expect(text).to.equal('Lifeguard, pool "fake": careful');
    expect(details).to.deep.equal({ type: 'LifeguardWarning' });
  });

  it('is told to the listeners alone where the logger is false', () => {
    const emitted = stub(process, 'emitWarning');
    const { emitter, roster } = rosterOf({ logger: false });
    const listener = spy();
    emitter.on('warning', listener);
    roster.warn('careful');
    expect([emitted.callCount, listener.callCount]).to.deep.equal([0, 1]);
  });

  it('comes once', () => {
    const logger = { warn: spy() };
    const { roster } = rosterOf({ logger });
    for (const message of ['a', 'b', 'a', 'b', 'a']) roster.warn(message);
    expect(logger.warn.callCount).to.equal(2);
  });

  it('is reported, and harms nobody, where the logger throws', () => {
    const emitted = stub(process, 'emitWarning');
    const logger = {
      warn() {
        throw new Error('disk full');
      },
    };
    rosterOf({ logger }).roster.warn('careful');
    expect(emitted.args[0]?.[0]).to.equal('Lifeguard: The logger threw: Error: disk full');
  });
});

describe('an event', () => {
  it('is not even made when nobody listens', () => {
    const { roster } = rosterOf();
    const make = stub().returns({ message: 'careful' });
    roster.emit('warning', make);
    expect(make.called).to.equal(false);
  });

  it('says in which pool it happened', () => {
    const { emitter, roster } = rosterOf({ poolName: 'main' });
    const listener = spy();
    emitter.on('closed', listener);
    const connection = at('a:3306');
    roster.discard(connection, roster.enroll(connection, 'idle'), 'unclean');
    expect(listener.args[0]?.[0]).to.deep.equal({
      poolName: 'main',
      connection: { id: 1, ageMs: 0, idleMs: 0, silentMs: 0 },
      reason: 'unclean',
    });
  });
});

describe('the end of a connection', () => {
  it('has the first reason that was noted', () => {
    const { driver, roster } = rosterOf();
    const connection = at('a:3306');
    const record = roster.enroll(connection, 'proving');
    roster.discard(connection, record, 'ping-timeout');
    roster.retire(connection, record, 'lifetime');
    roster.noteRemoved(connection, record);
    expect(roster.closed).to.deep.equal({ 'ping-timeout': 1 });
    expect(roster.count).to.deep.equal({ proving: 0, draining: 0, late: 0 });
    expect([driver.discarded, driver.retired]).to.deep.equal([[connection], [connection]]);
  });

  it('passes an error on to whoever still waits on it', () => {
    const { driver, roster } = rosterOf();
    const connection = at('a:3306');
    const discard = spy(driver, 'discard');
    const error = new Error('given up');
    roster.discard(connection, roster.enroll(connection, 'leased'), 'poisoned', error);
    expect(discard.args).to.deep.equal([[connection, error]]);
  });
});

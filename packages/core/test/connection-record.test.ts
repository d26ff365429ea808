import { expect } from 'chai';
import { ConnectionRecord } from '../src/connection-record.ts';
import { LeaseSession } from '../src/lease-session.ts';

function born(jitter: number): ConnectionRecord {
  const peer = { address: 'a:3306', heardAt: 0 };
  const session = new LeaseSession();
  const facts = {
    id: 7,
    peer,
    generation: 0,
    session,
    jitter,
    lifetimeJitter: jitter,
    idleLimitMs: 100,
    silenceLimitMs: Infinity,
  } as const;
  return new ConnectionRecord({ ...facts, state: 'idle' }, 1_000, 5_000, 10_000);
}

describe('the record of a connection', () => {
  it('begins with its opening', () => {
    const record = born(1);
    expect(record).to.include({ openedAt: 1_000, idleSince: 1_000, heardAt: 5_000 });
    expect(record).to.include({ state: 'idle', suspect: false, poisoned: false });
  });

  it('retires when its lifetime ends', () => {
    expect(born(1).retireAt).to.equal(11_000);
  });

  it('retires earlier by its jitter, never later', () => {
    expect(born(0.9).retireAt).to.equal(10_000);
  });

  it('is above suspicion once the server was heard', () => {
    const record = born(1);
    record.suspect = true;
    record.heard(2_000, 6_000, 77);
    expect(record).to.include({ heardAt: 6_000, bytesAtRest: 77, suspect: false });
    expect(record.peer.heardAt).to.equal(6_000);
    expect(record.gapMs).to.equal(1_000);
  });

  it('is shown by age, idle time and silence, each on its clock', () => {
    const record = born(1);
    record.idleSince = 1_500;
    expect(record.view(2_000, 6_000)).to.deep.equal({
      id: 7,
      ageMs: 1_000,
      idleMs: 500,
      silentMs: 1_000,
    });
  });
});

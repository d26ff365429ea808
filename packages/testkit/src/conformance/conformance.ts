import { expect } from 'chai';
import type { DatabaseServer } from '../server/database-server.ts';
import { eachServer } from '../suites/each-server.ts';
import { Candidate } from './candidate/candidate.ts';
import { declareFault } from './declare-fault.ts';
import { deadlines } from './faults/deadlines.ts';
import { forgottenFlow } from './faults/forgotten-flow.ts';
import { idleFaults } from './faults/idle.ts';
import { keptWarm } from './faults/kept-warm.ts';
import { lifetime } from './faults/lifetime.ts';
import { lookFaults } from './faults/look.ts';
import { loweredLimit } from './faults/lowered-limit.ts';
import { serverFaults } from './faults/server-faults.ts';
import { silentDrop } from './faults/silent-drop.ts';
import { tooLateToSee } from './faults/too-late-to-see.ts';
import { BARE } from './subject.ts';
import type { Subject } from './subject.ts';

/** What a driver, the runtime or Lifeguard itself would say of a fault that came through. */
const COMPLAINTS = /packets out of order|MaxListenersExceeded|Lifeguard|[Uu]nhandled/;

/** Every candidate holds many pools at once. */
const globals = { max_connections: 1_000 };

const FAULTS = [
  ...idleFaults,
  ...lookFaults,
  ...serverFaults,
  silentDrop,
  forgottenFlow,
  tooLateToSee,
  deadlines,
  lifetime,
  keptWarm,
  ...loweredLimit,
];

/**
 * Declares the conformance suite: every fault that Lifeguard must survive, on every server, for
 * each subject bare, where the fault must show, and guarded in each of its ways, where it must not.
 */
export function conformance(subjects: readonly Subject[]): void {
  eachServer((server) => describe('stands', () => declareAll(subjects, server)), {
    private: true,
    globals,
  });
}

function declareAll(subjects: readonly Subject[], server: () => DatabaseServer): void {
  const candidates = subjects.flatMap((subject) =>
    [BARE, ...subject.ways].map((way) => new Candidate(subject, way)),
  );
  for (const fault of FAULTS) declareFault(fault, candidates, server);

  for (const candidate of candidates.filter(({ guarded }) => guarded)) {
    it(`${candidate.title}: nothing was complained of`, () => {
      expect(candidate.complaints).not.to.match(COMPLAINTS);
    });
  }

  after('end the processes', async function () {
    this.timeout(30_000);
    await Promise.all(candidates.map((candidate) => candidate.stop(server())));
  });
}

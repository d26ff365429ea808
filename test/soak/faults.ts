import { applicationFaults } from './faults/application.ts';
import type { Fault } from './faults/fault.ts';
import { networkFaults } from './faults/network.ts';
import { serverFaults } from './faults/server.ts';

/** By name. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  ...networkFaults,
  ...serverFaults,
  ...applicationFaults,
};

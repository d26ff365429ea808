import { stopSharedServers } from './suites/shared-servers.ts';

/** Root hooks for mocha's `require`: the servers which suites share end with the last of them. */
export const mochaHooks = {
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(60_000);
    await stopSharedServers();
  },
};

import type { DatabaseServer } from '../server/database-server.ts';
import { startProxy } from '../proxy/fault-proxy.ts';
import type { FaultProxy } from '../proxy/fault-proxy.ts';

/** Gives a suite a proxy in front of its server, which passes everything when a test begins. */
export function useProxy(server: () => DatabaseServer): () => FaultProxy {
  let proxy: FaultProxy | undefined;

  before('start a proxy', async () => {
    proxy = await startProxy(server());
  });

  beforeEach('let the proxy pass', () => proxy?.pass());

  after('stop the proxy', () => proxy?.stop());

  return () => {
    if (!proxy) throw new Error('the proxy is there only in hooks and tests');
    return proxy;
  };
}

import { expect } from 'chai';
import { eachServer } from '../src/index.ts';
import { ask, closeClients, endingOf, openClient, socketOf } from './support.ts';

/** ER_CLIENT_INTERACTION_TIMEOUT, as its two bytes lie in the packet after the 0xff of an error. */
const INTERACTION_TIMEOUT = Buffer.from([0xff, 0xbf, 0x0f]);

describe('what a client is left with when the server hangs up', () => {
  afterEach(closeClients);

  eachServer((server, flavour) => {
    it('after wait_timeout', async () => {
      const client = await openClient({ uri: server().url() });
      await ask(client, 'SET SESSION wait_timeout = 1'); // the server's clock has a grain of 1 s
      const { how, bytes } = await endingOf(socketOf(client));
      expect(how).to.equal(flavour === 'mysql' ? 'FIN' : 'RST');
      expect(bytes.includes(INTERACTION_TIMEOUT)).to.equal(flavour === 'mysql');
    });

    it('after KILL', async () => {
      const client = await openClient({ uri: server().url() });
      const ending = endingOf(socketOf(client));
      await server().kill(client.threadId ?? 0);
      expect((await ending).how).to.equal('FIN');
    });
  });
});

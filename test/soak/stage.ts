import {
  findServer,
  spawnChild,
  startProxy,
  startServer,
  type ConnectionOptions,
  type DatabaseServer,
  type Flavour,
} from '@pool-lifeguard/testkit';
import type { Scene } from './faults/fault.ts';
import type { Random } from './random.ts';

const APPLICATION = new URL('application/process.ts', import.meta.url);

/** A user whom `read_only` concerns. */
const USER = { user: 'soak', password: 'soak' };

/** A scene that somebody has to strike in the end. */
export interface Stage extends Scene {
  strike(): Promise<void>;
}

/** Whether there is a server that may be restarted, with users of its own. */
export async function canBeSoaked(flavour: Flavour): Promise<boolean> {
  return (await findServer(flavour)).kind === 'program';
}

/** A server of its own with an empty ledger, a proxy before it, and the application behind that. */
export async function buildStage(flavour: Flavour, random: Random): Promise<Stage> {
  const server = await startServer(flavour);
  const database = await makeLedger(server);
  const proxy = await startProxy(server);
  const application = await spawnChild(APPLICATION);
  const strike = async (): Promise<void> => {
    await application.kill();
    await proxy.stop();
    await server.stop();
  };
  try {
    const login: ConnectionOptions = { ...server.connectionOptions(), ...USER, port: proxy.port };
    await application.call('open', { ...login, database });
  } catch (error) {
    await strike();
    throw error;
  }
  return { server, database, proxy, application, random, strike };
}

async function makeLedger(server: DatabaseServer): Promise<string> {
  const database = await server.createDatabase('soak');
  await server.query(
    `CREATE TABLE ${database}.ledger (id INT AUTO_INCREMENT PRIMARY KEY, ` +
      'number INT NOT NULL, filler VARCHAR(200) NOT NULL)',
  );
  await server.query(`CREATE USER ${USER.user}@'%' IDENTIFIED BY '${USER.password}'`);
  await server.query(`GRANT ALL ON ${database}.* TO ${USER.user}@'%'`);
  return database;
}

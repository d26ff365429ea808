import { guard } from '@pool-lifeguard/typeorm';
import { DataSource } from 'typeorm';
import { POOL_SIZE, settled, type Address, type Contestants } from './contestants.ts';

/** Opens two data sources of TypeORM, fills their pools and lets the guarded one come to rest. */
export async function openDataSources(server: Address): Promise<Contestants<DataSource>> {
  const bare = dataSource(server);
  const guarded = dataSource(server);
  const handle = guard(guarded);
  const rest = settled(handle);
  await fill(await bare.initialize());
  await fill(await guarded.initialize());
  await rest;
  const close = async (): Promise<void> => {
    await Promise.all([bare.destroy(), guarded.destroy()]);
  };
  return { sides: { bare, guarded }, guard: handle, close };
}

function dataSource(server: Address): DataSource {
  const { user: username, ...options } = server.connectionOptions();
  return new DataSource({ type: server.flavour, ...options, username, poolSize: POOL_SIZE });
}

async function fill(source: DataSource): Promise<void> {
  const runners = Array.from({ length: POOL_SIZE }, () => source.createQueryRunner());
  await Promise.all(runners.map((runner) => runner.connect()));
  await Promise.all(runners.map((runner) => runner.release()));
}

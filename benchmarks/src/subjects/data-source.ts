import { guard } from '@pool-lifeguard/typeorm';
import { DataSource } from 'typeorm';
import { POOL_SIZE, settle, type Opened, type Opening } from './opened.ts';

/** Opens a data source of TypeORM. */
export async function openDataSource(opening: Opening): Promise<Opened<DataSource>> {
  const { server, guarding, size = POOL_SIZE } = opening;
  const { user: username, ...options } = server.connectionOptions();
  const source = new DataSource({ type: server.flavour, ...options, username, poolSize: size });
  const handle = guarding && guard(source, guarding);
  await settle(handle, size, async () => fill(await source.initialize(), size));
  return { subject: source, guard: handle, close: () => source.destroy() };
}

async function fill(source: DataSource, size: number): Promise<void> {
  const runners = Array.from({ length: size }, () => source.createQueryRunner());
  await Promise.all(runners.map((runner) => runner.connect()));
  await Promise.all(runners.map((runner) => runner.release()));
}

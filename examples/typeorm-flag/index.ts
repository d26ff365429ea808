// This is the one line of code; `node --import @pool-lifeguard/typeorm/register` does without it.
import '@pool-lifeguard/typeorm/register';
import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Column, DataSource, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
class Reading {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('float')
  celsius!: number;
}

const dataSource = new DataSource({
  type: 'mysql',
  url: process.env['DATABASE_URL'] ?? 'mysql://root@localhost/test',
  entities: [Reading],
  synchronize: true,
  extra: {
    // `true` would do.
    lifeguard: { connectionTimeout: '5s', poolName: 'readings' },
  },
});

await dataSource.initialize();
const readings = dataSource.getRepository(Reading);
await readings.insert([{ celsius: 3.5 }, { celsius: 4 }, { celsius: 5.5 }]);

// An export keeps its connection, and rests between two pages.
const runner = dataSource.createQueryRunner();
const page = (from: number) =>
  readings.createQueryBuilder('r', runner).where('r.id > :from', { from }).orderBy('r.id').limit(2);

for await (const row of await page(0).stream()) console.log(row);
await sleep(Number(process.env['IDLE_MS'] ?? 60_000));
for await (const row of await page(2).stream()) console.log(row);

await runner.release();
await dataSource.destroy();

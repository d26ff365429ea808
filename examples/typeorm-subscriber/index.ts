import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { LifeguardSubscriber } from '@pool-lifeguard/typeorm';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';

@Entity()
class Invoice {
  @PrimaryColumn('int')
  id!: number;

  @Column('boolean', { default: false })
  paid!: boolean;
}

const dataSource = new DataSource({
  type: 'mysql',
  url: process.env['DATABASE_URL'] ?? 'mysql://root@localhost/test',
  entities: [Invoice],
  synchronize: true,
  // This is the one line; `lifeguardSubscriber({ … })` takes options.
  subscribers: [LifeguardSubscriber],
});

await dataSource.initialize();
await dataSource.getRepository(Invoice).save([{ id: 1 }, { id: 2 }, { id: 3 }]);

// A nightly job holds one connection from its first step to its last.
const runner = dataSource.createQueryRunner();
const invoices = runner.manager.getRepository(Invoice);
const open = await invoices.findBy({ paid: false });
console.log(`${open.length} invoices are open`);

// Meanwhile it waits for the bank, longer than the server keeps an idle connection.
await sleep(Number(process.env['IDLE_MS'] ?? 60_000));

await runner.startTransaction();
await invoices.update({ paid: false }, { paid: true });
await runner.commitTransaction();
console.log(`${await invoices.countBy({ paid: true })} invoices are paid`);

await runner.release();
await dataSource.destroy();

import 'reflect-metadata';
import { guard } from '@pool-lifeguard/typeorm';
import { Column, DataSource, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
class Tweet {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('varchar', { length: 280 })
  text!: string;
}

const dataSource = new DataSource({
  type: 'mysql',
  url: process.env['DATABASE_URL'] ?? 'mysql://root@localhost/test',
  entities: [Tweet],
  synchronize: true,
});

// This is the one line.
const lifeguard = guard(dataSource);

// This is for those who want to see what it does.
lifeguard.on('closed', ({ reason, connection }) => {
  console.log(`closed after ${Math.round(connection.idleMs)} ms without use: ${reason}`);
});

await dataSource.initialize();
const tweets = dataSource.getRepository(Tweet);
await tweets.save({ text: 'Good night' });

sleepLikeALaptop(Number(process.env['IDLE_MS'] ?? 60_000));

await tweets.save({ text: 'Good morning' });
const texts = (await tweets.find()).map(({ text }) => text);
const { borrows, opened } = lifeguard.stats();
console.log(`${texts.join(', ')} (${borrows} borrows, ${opened} connections opened)`);
await dataSource.destroy();

/** The lid is closed: the server hangs up meanwhile, and nobody here listens to the sockets. */
function sleepLikeALaptop(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What users post and read. */
@Entity()
export class Tweet {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ type: 'varchar', length: 40 })
  author!: string;

  @Column({ type: 'varchar', length: 280 })
  text!: string;
}

import { expect } from 'chai';
import { writePage } from '../src/report/page.ts';
import type { Results } from '../src/results/results.ts';
import { failure, query, results } from './fixtures/results.ts';
import { outsideReferences } from './fixtures/outside-references.ts';

const EVIL = '</script><img src="https://example.org/x.png" onerror="alert(1)">';

/** What a reader sees without any script. */
const markupOf = (page: string): string => page.replace(/<(script|style)\b.*?<\/\1>/gs, '');

describe('the report', function () {
  this.timeout(20_000);
  const play = results([query(), failure(), failure({ error: EVIL })], [query(), query(), query()]);
  let page: string;
  before(async () => (page = await writePage([play])));

  it('needs nothing from outside', () => {
    expect(outsideReferences(page)).to.deep.equal([]);
  });

  it('carries its script, its chart library and all results', () => {
    const [, json] =
      /<script type="application\/json" id="results">(.*?)<\/script>/s.exec(page) ?? [];
    const plain = JSON.parse(JSON.stringify([play])) as Results[];
    expect(JSON.parse(json ?? '')).to.deep.equal(plain);
    expect(page.match(/<script\b/g)).to.have.lengthOf(2);
    expect(page.length).to.be.above(300_000);
  });

  it('shows the numbers of the play', () => {
    const markup = markupOf(page);
    expect(markup).to.include('<b>2 of 3 queries failed</b>').and.include('0 of 3 queries failed');
    expect(markup).to.include('KILL of all connections').and.include('Somebody kills them.');
    expect(markup).to.include('write EPIPE');
  });

  it('shows what a server said as text, whatever it said', () => {
    expect(markupOf(page)).to.include('&lt;img src=').and.not.include('<img');
  });

  it('says so when nothing failed, and when nothing was asked', async () => {
    expect(markupOf(await writePage([results([query()], [])]))).to.include('No query failed');
  });

  it('says which scenes were left out, and why', async () => {
    const omitted = [{ title: 'Server restart', why: 'it is not ours' }];
    const markup = markupOf(await writePage([results([query()], [], { omitted })]));
    expect(markup).to.match(/Server restart<.*left out: it is not ours/s);
  });

  it('holds a section for every ORM and server', async () => {
    const place = { orm: 'prisma', flavour: 'mysql', server: 'MySQL 9.7.4' } as const;
    const other = results([failure()], [query()], place);
    const markup = markupOf(await writePage([play, other]));
    expect(markup.match(/class="play"/g)).to.have.lengthOf(2);
    expect(markup).to.include('TypeORM on MariaDB 10.11.19</h2>');
    expect(markup).to.include('Prisma on MySQL 9.7.4</h2>').and.include('Prisma on mariadb');
  });
});

import { expect } from 'chai';
import { summarise } from '../src/results/summary.ts';
import { didInWords, durationInWords, worstInWords } from '../src/results/words.ts';
import { drawTable } from '../src/terminal/table.ts';
import { isShown, judge } from '../src/verdict.ts';
import { failure, query, results, side } from './fixtures/results.ts';

describe('the summary of a play', () => {
  it('counts failures, the longest wait, and connections opened beyond the first ones', () => {
    const play = results([query(), failure({ endMs: 350 })], [query()]);
    const [connection] = play.sides.bare.connections;
    const opened = [connection!, { ...connection!, first: false }];
    const bare = side(play.sides.bare.queries, { connections: opened });
    const { scenes, total } = summarise({ ...play, sides: { ...play.sides, bare } });
    const tally = { queries: 2, failed: 1, worstMs: 250, unanswered: false, opened: 1 };
    expect(total.bare).to.deep.equal(tally);
    expect(scenes[0]?.sides.bare).to.deep.equal(tally);
    expect(total.guarded).to.include({ queries: 1, failed: 0, worstMs: 3, opened: 0 });
  });

  it('says that nobody knows how long an answer would have taken', () => {
    const gaveUp = failure({ endMs: 8_100, unanswered: true });
    const { total } = summarise(results([gaveUp], [query()]));
    expect(worstInWords(total.bare)).to.equal('> 8.0 s');
    expect(worstInWords(total.guarded)).to.equal('3.0 ms');
  });

  it('tells times in the unit that suits them', () => {
    expect([0.44, 12.6, 999, 1000, 8012].map(durationInWords)).to.deep.equal([
      '0.4 ms',
      '13 ms',
      '999 ms',
      '1.0 s',
      '8.0 s',
    ]);
  });

  it('tells what Lifeguard did', () => {
    const play = results([failure()], [query()]);
    const [connection] = play.sides.guarded.connections;
    const found = { ...connection!, end: 'lifeguard:look' } as const;
    const guarded = side([query()], {
      connections: [found, found, connection!],
      moved: { kill: 1 },
      redialed: { kill: 7 },
    });
    expect(didInWords({ ...play, sides: { ...play.sides, guarded } }, 'kill')).to.deep.equal([
      '2 closed: found dead by a look at its socket',
      '1 holder moved to a fresh connection',
      '7 failed dials kept from the users',
    ]);
    expect(didInWords(play, 'kill')).to.deep.equal([]);
  });

  it('is drawn as a table of its numbers', () => {
    const drawn = drawTable([results([query(), failure()], [query(), query()])]);
    expect(drawn).to.match(/KILL of all connections.*1 of 2.*0 of 2/);
    expect(drawn).to.match(/all scenes.*1 of 2.*0 of 2/);
  });

  it('names the scenes that were left out', () => {
    const omitted = [{ title: 'Server restart', why: 'it is not ours' }];
    expect(drawTable([results([], [], { omitted })])).to.match(
      /Server restart.*left out: it is not/,
    );
    expect(drawTable([results([], [])])).not.to.include('left out');
  });

  it('has a part for each ORM', () => {
    const prisma = results([failure()], [query()], { orm: 'prisma' });
    const drawn = drawTable([results([query(), failure()], [query(), query()]), prisma]);
    expect(drawn).to.match(/TypeORM on mysql2.*1 of 2.*0 of 2.*Prisma on mariadb.*1 of 1.*0 of 1/s);
  });
});

describe('the verdict on a play', () => {
  it('is that it was shown when bare failed and guarded did not', () => {
    const { shown, words } = judge(results([failure(), query()], [query(), query()]));
    expect(shown).to.equal(true);
    expect(words).to.include('bare, 1 of 2 queries failed; guarded, 0 of 2');
  });

  it('is that it was not when nothing failed', () => {
    const { held, shown, words } = judge(results([query()], [query()]));
    expect({ held, shown }).to.deep.equal({ held: true, shown: false });
    expect(words).to.include('nothing failed without the guard');
  });

  it('is that it was not when something failed in spite of the guard', () => {
    const { held, shown, words } = judge(results([failure()], [failure()]));
    expect({ held, shown }).to.deep.equal({ held: false, shown: false });
    expect(words).to.include('the guarded side had failures');
  });

  it('is for one server that one ORM has shown it and none failed', () => {
    const same = judge(results([query()], [query()], { orm: 'prisma' }));
    const better = judge(results([failure()], [query()]));
    const worse = judge(results([failure()], [failure()]));
    expect(isShown([better, same])).to.equal(true);
    expect(isShown([same])).to.equal(false);
    expect(isShown([better, worse])).to.equal(false);
  });
});

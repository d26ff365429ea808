import { expect } from 'chai';
import { drawPicture } from '../src/report/picture.ts';
import type { QueryResult } from '../src/results/results.ts';
import { outsideReferences } from './fixtures/outside-references.ts';
import { failure, query, results } from './fixtures/results.ts';

const many = (count: number, make: () => QueryResult): QueryResult[] =>
  Array.from({ length: count }, make);

/** The texts of a picture, in their order. */
const textsOf = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text ?? '');

const countOf = (svg: string, colour: string): number =>
  [...svg.matchAll(new RegExp(`(?:fill|stroke)="${colour}"`, 'g'))].length;

describe('the picture', () => {
  it('takes every number from the play', () => {
    const bare = [...many(7, query), ...many(5, failure)];
    const texts = textsOf(drawPicture([results(bare, many(11, query))]));
    expect(texts).to.include('5 of 12').and.include('5 of 12 failed');
    expect(texts).to.include('0 of 11').and.include('0 of 11 failed');
    expect(texts.join(' ')).to.include('MariaDB 10.11.19');
  });

  it('draws a sign for every query', () => {
    const signs = (failures: number): number =>
      countOf(drawPicture([results(many(failures, failure), [])]), '#c8281e');
    // A cross is made of two strokes.
    expect(signs(6) - signs(1)).to.equal(10);
  });

  it('says in words what it shows', () => {
    const svg = drawPicture([results([failure()], [query()])]);
    expect(svg).to.include('role="img"');
    expect(svg).to.include(
      '<title>TypeORM on MariaDB 10.11.19: bare, 1 of 1 queries failed; guarded, 0 of 1</title>',
    );
  });

  it('needs nothing from outside and stays small', () => {
    const queries = many(228, query);
    const svg = drawPicture([results(queries, queries), results(queries, queries)]);
    expect(outsideReferences(svg)).to.deep.equal([]);
    expect(svg.length).to.be.below(150_000);
  });
});

import { ORMS, stackInWords } from '../../orms.ts';
import type { Results } from '../../results/results.ts';
import type { Summary, Tally } from '../../results/summary.ts';
import { worstInWords } from '../../results/words.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';

/** The result in two big numbers. */
export function scores({ orm }: Results, { total: { bare, guarded } }: Summary): Html {
  return html`<div class="scores">
    ${score(html`Bare: ${stackInWords(orm)}`, bare)}
    ${score(html`Guarded: with one more line, <code>${ORMS[orm].line}</code>`, guarded)}
  </div>`;
}

function score(name: Html, tally: Tally): Html {
  const { failed, queries, opened } = tally;
  return html`<div class="score ${failed > 0 && 'hurt'}">
    ${name}
    <b>${failed} of ${queries} queries failed</b>
    <span>longest wait ${worstInWords(tally)}, ${opened} connections opened anew</span>
  </div>`;
}

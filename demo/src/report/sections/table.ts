import type { OmittedResult, Results } from '../../results/results.ts';
import type { SceneSummary, Summary, Tally } from '../../results/summary.ts';
import { worstInWords } from '../../results/words.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';

/** What happened in each scene, bare against guarded. */
export function table({ omitted, poolSize }: Results, { scenes, total }: Summary): Html {
  return html`<div class="scroll">
      <table>
        <thead>
          <tr>
            <th rowspan="2" scope="col">Scene</th>
            <th colspan="2" scope="colgroup" class="group">Failed queries</th>
            <th colspan="2" scope="colgroup" class="group">Worst latency</th>
            <th colspan="2" scope="colgroup" class="group">Connections opened</th>
            <th rowspan="2" scope="col">What Lifeguard did</th>
          </tr>
          <tr>
            ${[1, 2, 3].map(
              () =>
                html`<th class="number">bare</th>
                  <th class="number">guarded</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${scenes.map(row)} ${omitted.map(omittedRow)}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All scenes</th>
            ${cells(total.bare, total.guarded)}
            <td></td>
          </tr>
        </tfoot>
      </table>
    </div>
    <p class="note">
      Worst latency is the longest time for which anybody waited, for an answer or for an error.
      Connections opened are those beyond the ${poolSize} with which each pool starts a scene.
    </p>`;
}

function row({ title, story, sides, did }: SceneSummary, index: number): Html {
  return html`<tr>
    <th scope="row">${index + 1} ${title}<span class="story">${story}</span></th>
    ${cells(sides.bare, sides.guarded)}
    <td>
      ${did.length > 0 ? did.map((deed) => html`<div>${deed}</div>`) : 'nothing, there was no need'}
    </td>
  </tr>`;
}

function omittedRow({ title, why }: OmittedResult): Html {
  return html`<tr>
    <th scope="row">${title}</th>
    <td colspan="7">left out: ${why}</td>
  </tr>`;
}

function cells(bare: Tally, guarded: Tally): Html[] {
  const both = [bare, guarded];
  return [
    ...both.map(({ failed, queries }) => {
      return html`<td class="number ${failed > 0 && 'failed'}">${failed} of ${queries}</td>`;
    }),
    ...both.map((tally) => html`<td class="number">${worstInWords(tally)}</td>`),
    ...both.map(({ opened }) => html`<td class="number">${opened}</td>`),
  ];
}

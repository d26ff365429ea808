import type { Results } from '../../results/results.ts';
import { SIDES } from '../../stage/side.ts';
import type { Side } from '../../stage/side.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';

/** Something that users were told, and how often. */
interface Told {
  readonly title: string;
  readonly side: Side;
  readonly error: string;
  readonly count: number;
}

/** What users were told, by error text. */
export function errors(results: Results): Html {
  const told = countErrors(results);
  return html`<h2>Errors</h2>
    ${told.length > 0 ? table(told) : html`<p>No query failed, on either side.</p>`}`;
}

function countErrors({ scenes, sides }: Results): Told[] {
  const told = new Map<string, Told>();
  for (const { name, title } of scenes) {
    for (const side of SIDES) {
      for (const { scene, error } of sides[side].queries) {
        if (scene !== name || error === undefined) continue;
        const key = `${name} ${side} ${error}`;
        const same = told.get(key) ?? { title, side, error, count: 0 };
        told.set(key, { ...same, count: same.count + 1 });
      }
    }
  }
  return [...told.values()];
}

function table(told: readonly Told[]): Html {
  const rows = told.map(({ title, side, error, count }) => {
    return html`<tr>
      <td>${title}</td>
      <td>${side}</td>
      <td><code>${error}</code></td>
      <td class="number">${count}</td>
    </tr>`;
  });
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>Scene</th>
          <th>Side</th>
          <th>What users were told</th>
          <th class="number">Times</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

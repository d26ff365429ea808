import type { Results } from '../../results/results.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { legend } from './legend.ts';

/** The place of a timeline; the page's script draws it. */
export function timeline({ scenes, patienceMs }: Results): Html {
  const buttons = scenes.map(({ name, title }) => {
    return html`<button type="button" data-scene="${name}" aria-pressed="false">${title}</button>`;
  });
  return html`<div class="whole">
    <h2>Timeline</h2>
    <p>
      Both applications went through the scenes at the same time. A row is a user, or a place in the
      pool; a bar is one query, or one physical connection with its number. A user who has no answer
      within ${patienceMs / 1000} s gives up, and that counts as failed. Point at anything to read
      about it.
    </p>
    ${legend()}
    <div class="zoom">
      <button type="button" data-scene="" aria-pressed="true">All scenes</button>${buttons}
    </div>
    <div class="timeline" role="img" aria-label="Timeline of all queries and connections"></div>
    <noscript
      >The timeline is drawn by a script within this file; scripts are switched off here.</noscript
    >
  </div>`;
}

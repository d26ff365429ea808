import { readFile } from 'node:fs/promises';
import { ORMS } from '../orms.ts';
import type { Results } from '../results/results.ts';
import { summarise } from '../results/summary.ts';
import { bundleScript } from './bundle.ts';
import { Html, html } from './html.ts';
import { errors } from './sections/errors.ts';
import { scores } from './sections/scores.ts';
import { setting } from './sections/setting.ts';
import { table } from './sections/table.ts';
import { timeline } from './sections/timeline.ts';

const STYLE = new URL('style.css', import.meta.url);

/** The whole report as one page that needs nothing but itself. */
export async function writePage(plays: readonly Results[]): Promise<string> {
  const [style, script] = await Promise.all([readFile(STYLE, 'utf8'), bundleScript()]);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Lifeguard demo: bare against guarded</title>
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <h1>The same application, bare and guarded by Lifeguard</h1>
        <p class="lead">
          A small application went twice through what happens to database connections in production:
          once as it is, and once with its pool guarded against stale connections.
        </p>
        ${plays.map((results, index) => section(results, index, plays.length > 1))}
        <script type="application/json" id="results">
          ${new Html(embed(plays))}
        </script>
        <script>
          ${new Html(script)};
        </script>
      </body>
    </html> `;
  return page.toString();
}

function section(results: Results, index: number, isNamed: boolean): Html {
  const summary = summarise(results);
  return html`<section class="play" data-play="${index}">
    ${isNamed && html`<h2>${ORMS[results.orm].label} on ${results.server}</h2>`}
    ${scores(results, summary)} ${table(results, summary)} ${timeline(results)} ${errors(results)}
    ${setting(results)}
  </section>`;
}

/** JSON that cannot end the element it stands in. */
function embed(plays: readonly Results[]): string {
  return JSON.stringify(plays).replaceAll('<', '\\u003c');
}

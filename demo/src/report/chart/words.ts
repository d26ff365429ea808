import type { ConnectionResult, QueryResult } from '../../results/results.ts';
import { durationInWords, endInWords } from '../../results/words.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Makes any text safe to stand in HTML. */
export function escapeHtml(words: string): string {
  return words.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

const at = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

const lines = (...words: readonly (string | false)[]): string =>
  words
    .filter((line) => line !== false)
    .map(escapeHtml)
    .join('<br>');

/** What is shown when somebody points at a query. */
export function aboutQuery({ who, kind, startMs, endMs, fate, error }: QueryResult): string {
  const took = durationInWords(endMs - startMs);
  return lines(
    `${who}: ${kind === 'post' ? 'posts a tweet' : 'reads'}`,
    `at ${at(startMs)}, took ${took}`,
    error === undefined ? fate : `failed: ${error}`,
  );
}

/** What is shown when somebody points at a connection. */
export function aboutConnection(connection: ConnectionResult): string {
  const { number, openedMs, closedMs, deadMs, leases, end } = connection;
  return lines(
    `connection ${number}`,
    `opened at ${at(openedMs)}, lent ${leases.length} times`,
    deadMs !== undefined && `dead at the other side since ${at(deadMs)}`,
    end === undefined ? 'open to the end' : `closed at ${at(closedMs)}: ${endInWords(end)}`,
  );
}

import { FLAVOUR_FACTS } from '../flavour.ts';
import type { Flavour } from '../flavour.ts';
import { dataTemplate } from '../server/data-template.ts';
import { installedProgram } from './installed.ts';
import { bringProgram, cachedProgram } from './packaged.ts';
import type { Log } from './packaged.ts';
import type { ServerProgram } from './server-program.ts';

/** Where a flavour's server comes from on this machine. */
export type ServerSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'program'; readonly program: ServerProgram; readonly template: string }
  | { readonly kind: 'unavailable'; readonly advice: string };

const found = new Map<Flavour, Promise<ServerSource>>();

/**
 * Finds a server of the flavour, or brings one: a URL in the environment, an installed binary, the
 * copy in our cache, a new copy from the distribution. Asked once per process.
 */
export function findServer(flavour: Flavour, log: Log = () => {}): Promise<ServerSource> {
  const known = found.get(flavour);
  if (known) return known;
  const search = searchFor(flavour, log);
  found.set(flavour, search);
  return search;
}

async function searchFor(flavour: Flavour, log: Log): Promise<ServerSource> {
  const { urlVariable } = FLAVOUR_FACTS[flavour];
  const url = process.env[urlVariable];
  if (url === 'none') return { kind: 'unavailable', advice: `${urlVariable} says none` };
  if (url) return { kind: 'url', url };
  const failures: string[] = [];
  for (const look of [installedProgram, cachedProgram, bringProgram]) {
    try {
      const program = await look(flavour, log);
      if (program) return { kind: 'program', program, template: await dataTemplate(program, log) };
    } catch (error) {
      failures.push(String((error as Error).message).split('\n')[0] ?? '');
    }
  }
  return { kind: 'unavailable', advice: adviceFor(flavour, failures) };
}

function adviceFor(flavour: Flavour, failures: readonly string[]): string {
  const { label, urlVariable } = FLAVOUR_FACTS[flavour];
  const why = failures.length > 0 ? ` (${failures.join('; ')})` : '';
  return `install ${label}'s server or set ${urlVariable} to the URL of one that runs${why}`;
}

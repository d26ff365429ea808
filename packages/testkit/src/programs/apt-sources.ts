import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One package source of the machine: an entry of a `.sources` file or a line of a `.list` file. */
export interface AptSource {
  readonly types: readonly string[];
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** What the archive must be signed by: a key ring's path or an inline key, as written there. */
  readonly signedBy: string | undefined;
}

/** Reads the machine's own package sources, in both of the formats in use. */
export async function readAptSources(folder = '/etc/apt'): Promise<AptSource[]> {
  const parts = await readdir(join(folder, 'sources.list.d')).catch(() => []);
  const files = ['sources.list', ...parts.map((name) => `sources.list.d/${name}`)];
  const sources = files.map(async (name) => {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    if (name.endsWith('.sources')) return parseDeb822(text);
    return name.endsWith('.list') ? parseOneLine(text) : [];
  });
  return (await Promise.all(sources)).flat();
}

/** Parses the one-line format: `deb [option=value …] uri suite component …`. */
export function parseOneLine(text: string): AptSource[] {
  const entry = /^(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*(.*)$/;
  return text.split('\n').flatMap((line) => {
    const match = entry.exec(line.replace(/#.*/, '').trim());
    if (!match) return [];
    const [, type = '', options = '', uri = '', suite = '', components = ''] = match;
    const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1];
    return [
      { types: [type], uris: [uri], suites: [suite], components: words(components), signedBy },
    ];
  });
}

/** Parses the deb822 format: stanzas of fields, where an indented line continues a field. */
export function parseDeb822(text: string): AptSource[] {
  const withoutComments = text.replace(/^#.*\n?/gm, '');
  return withoutComments.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = new Map<string, string>();
    for (const [, name = '', value = ''] of stanza.matchAll(/^([\w-]+):(.*(?:\n[ \t].*)*)/gm)) {
      fields.set(name.toLowerCase(), value.trim());
    }
    if (!fields.has('uris') || fields.get('enabled')?.toLowerCase() === 'no') return [];
    const list = (name: string): string[] => words(fields.get(name) ?? '');
    const [types, uris, suites] = [list('types'), list('uris'), list('suites')];
    return [
      { types, uris, suites, components: list('components'), signedBy: fields.get('signed-by') },
    ];
  });
}

/** Writes a binary package source of one suite in the deb822 format. */
export function formatSource(source: AptSource, suite: string): string {
  const signedBy = source.signedBy ? `Signed-By: ${source.signedBy}\n` : '';
  return `Types: deb\nURIs: ${source.uris.join(' ')}\nSuites: ${suite}\nComponents: main\n${signedBy}`;
}

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);

import { readFile, writeFile } from 'node:fs/promises';
import type { FormatOptions } from 'oxfmt';

const ROOT = new URL('../../../../', import.meta.url);

/** Writes a page, named relative to the root, as the project's formatter wants it. */
export async function writePage(page: string, text: string): Promise<void> {
  // Loaded only here: few who use the test kit write pages.
  const { format } = await import('oxfmt');
  const settings = await readFile(new URL('.oxfmtrc.json', ROOT), 'utf8');
  const { code } = await format(page, text, JSON.parse(settings) as FormatOptions);
  await writeFile(new URL(page, ROOT), code);
}

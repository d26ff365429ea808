import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { format, type FormatOptions } from 'oxfmt';

const ROOT = new URL('../../../', import.meta.url);

/** The page, relative to the root. */
export const PAGE = 'docs/performance.md';

/** Writes the page as the project's formatter wants it. */
export async function writePage(text: string): Promise<void> {
  const settings = JSON.parse(
    await readFile(new URL('.oxfmtrc.json', ROOT), 'utf8'),
  ) as FormatOptions;
  const { code } = await format(PAGE, text, settings);
  writeFileSync(new URL(PAGE, ROOT), code);
}

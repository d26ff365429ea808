import { writeFile } from 'node:fs/promises';
import type { Arguments } from './arguments.ts';
import { writePage } from './report/page.ts';
import { drawPicture } from './report/picture.ts';
import type { Results } from './results/results.ts';

/** Writes the report, and the picture and the raw results where they were asked for. */
export async function writeFiles(
  plays: readonly Results[],
  { json, picture, report }: Arguments,
): Promise<void> {
  await writeFile(report, await writePage(plays));
  if (picture !== undefined) await writeFile(picture, drawPicture(plays));
  if (json !== undefined) await writeFile(json, `${JSON.stringify(plays, null, 2)}\n`);
}

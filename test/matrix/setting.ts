import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import type { Column } from './columns.ts';

/** Where and when the matrix is run, as it is written over it; to be asked before the run. */
export function setting(): string {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'an unknown processor'}`;
  const day = new Date().toISOString().slice(0, 10);
  const load = `load average before the start ${(loadavg()[0] ?? NaN).toFixed(1)}`;
  const system = `${process.platform} ${process.arch}`;
  return `${day}, Node ${process.version}, ${system}, ${machine}, ${load}`;
}

/** What a column is made of, with the versions that its process loads. */
export function packagesOf({ packages, subject }: Column): string {
  return packages.map((name) => installed(name, subject.module)).join(', ');
}

/** A package may not let its package.json be required, so it is looked for on the disk. */
function installed(name: string, from: string): string {
  const folders = createRequire(from).resolve.paths(name) ?? [];
  const file = folders.map((folder) => join(folder, name, 'package.json')).find(existsSync);
  if (file === undefined) throw new Error(`${name} is not installed`);
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
  return `${manifest.name} ${manifest.version}`;
}

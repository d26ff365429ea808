import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('mysql2'));

/** A file of the mysql2 at hand, for what patches its classes. */
export const driverFile = (name: string): string => join(folder, name);

const source = (name: string): string => readFileSync(driverFile(name), 'utf8');

/** Whether the mysql2 at hand publishes on diagnostics channels at all. */
export const hasTracing = existsSync(driverFile('lib/tracing.js'));

/** Whether it resets sessions at release, when it is told to. */
export const knowsReset = source('lib/pool_config.js').includes('resetOnRelease');

/** Whether its connection goes on when a stream of rows is left half-way. */
export const goesOnWithoutReader = source('lib/commands/query.js').includes('stream.destroyed');

/** Whether it compresses at once, and not only a few turns later. */
export const compressesAtOnce = source('lib/compressed_protocol.js').includes('deflateSync');

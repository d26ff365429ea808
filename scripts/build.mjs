// Builds every publishable package twice: dist/esm for `import`, dist/cjs for `require`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishablePackages, run } from './workspace.mjs';

if (!run('tsc', ['-b', 'tsconfig.build.json'])) process.exit(1);

for (const { dir } of publishablePackages()) {
  const cjs = join(dir, 'dist/cjs');
  mkdirSync(cjs, { recursive: true });
  // The package itself says `"type": "module"`; this half of it is not.
  writeFileSync(join(cjs, 'package.json'), '{\n  "type": "commonjs"\n}\n');
}

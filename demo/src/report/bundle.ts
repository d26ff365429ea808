import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ENTRY = fileURLToPath(new URL('browser/main.ts', import.meta.url));

/** The report's script with the chart library in it, as one text that needs nothing else. */
export async function bundleScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2023',
    legalComments: 'eof',
    logLevel: 'silent',
  });
  const script = outputFiles[0]?.text ?? '';
  // Within a page, a script ends at the first end tag, even in a string.
  return script.replaceAll('</script', '<\\/script');
}

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The page's program with all that it needs, as one text. */
export async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./page.js', import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'inline',
    logLevel: 'error',
  });
  return (outputFiles[0] as { text: string }).text;
}

/**
 * npm run bench:report -- [RECORD...] [--machine NAME] [--out FOLDER] [--docs]
 *
 * Draws what was measured: a page that needs nothing else, and each figure as an SVG file. Of several records each
 * group comes from the newest that has it. Measures nothing: `npm run bench -- --record` does.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RecordError } from '../harness/records/readRecord.ts';
import { claims, everyFigure } from './claims.ts';
import { drawSvg } from './drawSvg.ts';
import { Evidence } from './Evidence.ts';
import { evidenceMarkdown } from './evidenceMarkdown.ts';
import { findRecords, readRecords } from './findRecords.ts';
import { bundlePage } from './page/bundlePage.ts';
import { pageHtml } from './page/pageHtml.ts';
import { withReadmeTable } from './readmeTable.ts';

const USAGE = `Arguments:
  RECORD...        draws these. Default: all of the machine with the newest one, in bench/record
  --machine NAME   draws those of bench/record/NAME
  --out FOLDER     where the page and the pictures go. Default .build/report
  --docs           also writes docs/evidence.md, its pictures, and the table of README.md`;
const RECORD_FOLDER = 'bench/record';
const PICTURES = 'docs/pictures';
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
/** Of the pictures: what a page of documentation has room for. */
const WIDTH = 800;

interface ReportArguments {
  readonly files: readonly string[];
  readonly machine: string | undefined;
  readonly out: string;
  readonly docs: boolean;
}

function readArguments(): ReportArguments {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { machine: { type: 'string' }, out: { type: 'string' }, docs: { type: 'boolean' } },
  });
  return {
    files: positionals,
    machine: values.machine,
    out: values.out ?? '.build/report',
    docs: values.docs ?? false,
  };
}

function usageError(error: unknown): never {
  console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  process.exit(EXIT_USAGE);
}

async function report({ files, machine, out, docs }: ReportArguments): Promise<void> {
  const { records, refused } = files.length > 0 ? readRecords(files) : findRecords(RECORD_FOLDER, machine);
  for (const reason of refused) console.error(`left out: ${reason}`);
  const evidence = new Evidence(records);
  const pictures = new Map<string, string>();
  for (const figure of everyFigure) {
    const svg = drawSvg(figure, evidence, WIDTH);
    if (svg === undefined) console.log(`no picture ${figure.id}: what it shows was not measured`);
    else pictures.set(figure.id, svg);
  }
  const page = pageHtml({ evidence, claims, program: await bundlePage() });
  write(out, [['index.html', page], ...namesOf(pictures)]);
  if (!docs) return;
  write(PICTURES, namesOf(pictures));
  const readme = withReadmeTable(readFileSync('README.md', 'utf8'), evidence);
  write('.', [
    ['docs/evidence.md', evidenceMarkdown(evidence, claims, new Set(pictures.keys()))],
    ['README.md', readme],
  ]);
}

function namesOf(pictures: ReadonlyMap<string, string>): [string, string][] {
  return [...pictures].map(([id, svg]) => [`${id}.svg`, svg]);
}

function write(folder: string, files: readonly (readonly [name: string, text: string])[]): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  const [[first] = ['']] = files;
  const others = files.length === 1 ? '' : ` and ${files.length - 1} more files`;
  console.log(`written: ${join(folder, first)}${others}`);
}

const order = (() => {
  try {
    return readArguments();
  } catch (error) {
    return usageError(error);
  }
})();
try {
  await report(order);
} catch (error) {
  if (!(error instanceof RecordError)) throw error;
  console.error(error.message);
  process.exitCode = EXIT_FAILED;
}

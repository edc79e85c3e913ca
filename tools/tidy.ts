/**
 * The gate that keeps the house tidy: lengths, names, banned calls, leftovers, dead exports, doc comments, and pages
 * that say what the code does. What is a matter of layout is Biome's; who may import whom is in layers.ts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkCode } from './checkCode.ts';
import { checkDocs } from './checkDocs.ts';
import { checkExports } from './checkExports.ts';
import { checkText } from './checkText.ts';
import { isProgram } from './isProgram.ts';
import { filesIn } from './rooms.ts';
import { SourceFile } from './SourceFile.ts';
import { reportViolations, type Violation } from './Violation.ts';

const TEXT = /(\.(ts|js|mjs|json|md|yml|yaml|sh|csv)|^\.ci\/run|LICENSE)$/;

export function checkTidiness(root: string): Violation[] {
  const paths = filesIn(root).filter((path) => TEXT.test(path));
  const texts = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  const sources = paths
    .filter((path) => path.endsWith('.ts'))
    .map((path) => new SourceFile(path, texts.get(path) as string));
  const pages = paths.filter((path) => path.endsWith('.md'));
  return [
    ...paths.flatMap((path) => checkText(path, texts.get(path) as string)),
    ...sources.flatMap(checkCode),
    ...checkExports(sources),
    ...checkDocs(root, pages, sources),
  ];
}

if (isProgram(import.meta.url)) reportViolations('tidy', checkTidiness('.'));

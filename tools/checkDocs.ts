import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { FLOORS } from './rooms.ts';
import type { SourceFile } from './SourceFile.ts';
import type { Violation } from './Violation.ts';

const ERRORS_PAGE = 'docs/errors.md';
const LIMITS_PAGE = 'docs/limits.md';
const ERROR_CODE = /\bERR_FLYSOCKET_[A-Z0-9]+(?:_[A-Z0-9]+)*\b/g;
const LINK = /\]\(\s*<?([^)\s>]+)>?[^)]*\)/g;
const HEADING = /^#{1,6}\s+(.*)$/gm;

/** What the pages say: links that lead somewhere, every error code there is, no limit that is not there. */
export function checkDocs(root: string, pages: readonly string[], sources: readonly SourceFile[]): Violation[] {
  const rooms = sources.filter((source) => source.folder in FLOORS);
  return [...pages.flatMap((page) => checkLinks(root, page)), ...checkErrors(root, rooms), ...checkLimits(root, rooms)];
}

function checkLinks(root: string, page: string): Violation[] {
  const violations: Violation[] = [];
  const text = withoutCode(readFileSync(join(root, page), 'utf8'));
  for (const match of text.matchAll(LINK)) {
    const link = match[1] as string;
    if (/^[a-z][a-z+.-]*:/i.test(link)) continue;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : posix.normalize(posix.join(posix.dirname(page), decodeURI(path)));
    const problem = whyLinkIsBroken(root, target, anchor);
    if (problem !== undefined)
      violations.push({ file: page, line: lineOf(text, match.index), rule: 'link', message: `${problem}: ${link}` });
  }
  return violations;
}

function whyLinkIsBroken(root: string, target: string, anchor: string | undefined): string | undefined {
  if (target.startsWith('..')) return 'leads out of the repository';
  if (!existsSync(join(root, target))) return 'leads nowhere';
  if (anchor === undefined || !target.endsWith('.md')) return undefined;
  const text = readFileSync(join(root, target), 'utf8');
  const anchors = [...text.matchAll(HEADING)].map((match) => slugOf(match[1] as string));
  return anchors.includes(anchor) ? undefined : 'no such heading there';
}

/** The anchor that GitHub gives a heading. */
function slugOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function checkErrors(root: string, rooms: readonly SourceFile[]): Violation[] {
  const violations: Violation[] = [];
  const used = new Map<string, Violation>();
  for (const source of rooms) {
    for (const { 0: code, index } of source.codeAndStrings.matchAll(ERROR_CODE)) {
      const message = `${code} is not in ${ERRORS_PAGE}`;
      if (!used.has(code)) used.set(code, { file: source.path, line: source.lineAt(index), rule: 'errors', message });
    }
  }
  const page = readPage(root, ERRORS_PAGE);
  const listed = new Set(page.match(ERROR_CODE));
  for (const [code, violation] of used) if (!listed.has(code)) violations.push(violation);
  for (const code of listed)
    if (!used.has(code))
      violations.push({
        file: ERRORS_PAGE,
        line: lineOf(page, page.indexOf(code)),
        rule: 'errors',
        message: `${code} is thrown nowhere`,
      });
  return violations;
}

/** A limit is named in the first cell of a table's row, between backticks; `Options.name` is looked for by `name`. */
function checkLimits(root: string, rooms: readonly SourceFile[]): Violation[] {
  const page = readPage(root, LIMITS_PAGE);
  if (page === '')
    return [{ file: LIMITS_PAGE, line: 0, rule: 'limits', message: 'the page that names every limit is missing' }];
  const words = new Set(rooms.flatMap((source) => source.codeAndStrings.match(/[A-Za-z_$][\w$]*/g) ?? []));
  const violations: Violation[] = [];
  let limits = 0;
  for (const row of page.matchAll(/^\|([^|]*)\|/gm)) {
    for (const [, name = ''] of (row[1] as string).matchAll(/`([^`]+)`/g)) {
      limits++;
      const identifier = name.replace(/\(.*$/, '').split('.').at(-1) as string;
      if (!words.has(identifier))
        violations.push({
          file: LIMITS_PAGE,
          line: lineOf(page, row.index),
          rule: 'limits',
          message: `no room knows ${name}`,
        });
    }
  }
  if (limits === 0) violations.push({ file: LIMITS_PAGE, line: 0, rule: 'limits', message: 'names no limit' });
  return violations;
}

function readPage(root: string, page: string): string {
  return existsSync(join(root, page)) ? readFileSync(join(root, page), 'utf8') : '';
}

/** Blanks code blocks and code spans, in which brackets are no links. */
function withoutCode(text: string): string {
  return text.replace(/```[\s\S]*?```|`[^`\n]*`/g, (code) => code.replace(/[^\n]/g, ' '));
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

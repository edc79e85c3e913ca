import { FLOORS } from './rooms.ts';
import type { Violation } from './Violation.ts';

const LINE_LIMIT = 120;
/** Lines a file may have: most of a room's files stay below 300. */
const ROOM_FILE_LIMIT = 400;
const FILE_LIMIT = 600;

/** Files of the rooms that may be longer than the limit, each with its reason. */
export const LONG_FILES: Readonly<Record<string, string>> = {};

/** Marks of unfinished work. Taken apart here, so that this file does not find itself. */
const LEFTOVERS = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK', 'W' + 'IP'].join('|')})\\b`);
/** Places on somebody's machine: what is in the repository must mean the same on every machine. */
const OWN_MACHINE = new RegExp(`(^|[\\s'"\`(=:])/(${['work', 'home', 'root', 'Users'].join('|')})/`);
const OFFICIAL_REGISTRY = 'https://registry.npmjs.org/';

/** What holds for every text file: its length, its lines, and words that have no place in it. */
export function checkText(path: string, text: string): Violation[] {
  const violations: Violation[] = [];
  const complain = (line: number, rule: string, message: string): void => {
    violations.push({ file: path, line, rule, message });
  };
  const lines = text.split('\n');
  const isLock = path.endsWith('package-lock.json');
  const isTypeScript = path.endsWith('.ts');
  lines.forEach((line, index) => {
    if (isLock) {
      const host = /"resolved": "(?!file:)([^"]*)"/.exec(line)?.[1];
      if (host !== undefined && !host.startsWith(OFFICIAL_REGISTRY))
        complain(index + 1, 'registry', `resolved elsewhere than ${OFFICIAL_REGISTRY}`);
      return;
    }
    if (isTypeScript && line.length > LINE_LIMIT && !line.includes('://'))
      complain(index + 1, 'line-length', `${line.length} characters, limit ${LINE_LIMIT}`);
    const leftover = LEFTOVERS.exec(line)?.[1];
    if (leftover !== undefined) complain(index + 1, 'leftover', leftover);
    const own = OWN_MACHINE.exec(line)?.[2];
    if (own !== undefined) complain(index + 1, 'machine', `a path that only one machine has: /${own}/...`);
  });
  if (isTypeScript) {
    const count = lines.at(-1) === '' ? lines.length - 1 : lines.length;
    const limit = (path.split('/')[0] as string) in FLOORS ? ROOM_FILE_LIMIT : FILE_LIMIT;
    if (count > limit && !(path in LONG_FILES)) complain(0, 'file-length', `${count} lines, limit ${limit}`);
  }
  if (/(^|\/)(util|utils|helpers?|misc)(\.|\/|$)/i.test(path))
    complain(0, 'name', 'say what it does, not that it helps');
  return violations;
}

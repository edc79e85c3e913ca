import { FLOORS } from './rooms.ts';
import type { SourceFile } from './SourceFile.ts';
import type { Violation } from './Violation.ts';

interface Ban {
  readonly pattern: RegExp;
  /** Folders it holds in; everywhere if not said. */
  readonly within?: readonly string[];
  readonly instead: string;
}

const ROOMS = Object.keys(FLOORS);
/** The contract that `compat/` fulfils is made of Buffers. */
const BUFFERLESS = ROOMS.filter((room) => room !== 'compat');
/** Rooms that own neither clock nor chance: both are handed in, so that a simulator can run the real thing. */
const TIMELESS = ['flyweight', 'pool', 'counters', 'codec', 'transport', 'core'];

/** Files that may do what is banned where they are, each with its reason. */
export const EXEMPT: Readonly<Record<string, readonly string[]>> = {
  // piscina calls the default export of the file it is given.
  'bench/request-response/piscinaTask.ts': ['export default'],
  'bench/workers/poolTask.ts': ['export default'],
  // It is the clock that is handed in unless there is another one.
  'core/Clock.ts': ['performance.now', 'setTimeout('],
  // It lets timers and I/O have their turn, unless a simulator hands in a schedule of its own.
  'transport/InProcessConnection.ts': ['setImmediate(', 'setTimeout('],
  // It is the turn of the event loop, for the rooms that have sockets; neither the core nor a simulator runs it.
  'transport/TurnLoop.ts': ['setImmediate'],
};

const BANS: readonly Ban[] = [
  {
    pattern: /\bBuffer\s*\.|\bBuffer\(/,
    within: BUFFERLESS,
    instead: 'Uint8Array and DirectBuffer: they are everywhere',
  },
  { pattern: /\bconsole\s*\./, within: ROOMS, instead: 'an error, or a counter' },
  { pattern: /\bprocess\s*\./, within: ROOMS, instead: 'an option of the caller' },
  { pattern: /\bMath\.random\b/, within: TIMELESS, instead: 'randomness that is handed in' },
  { pattern: /\b(Date\.now|performance\.now)\b|\bnew Date\b/, within: TIMELESS, instead: 'a clock that is handed in' },
  {
    pattern: /(?<![.\w])(setTimeout|setInterval|setImmediate)\s*\(/,
    within: TIMELESS,
    instead: 'a timer that is handed in',
  },
  { pattern: /^\s*(export\s+)?(declare\s+)?(const\s+)?enum\s/m, instead: 'a constant object `as const`' },
  { pattern: /^\s*(export\s+)?(declare\s+)?namespace\s/m, instead: 'a module' },
  { pattern: /(:|\bas|[<,|&=])\s*any\b(?!\s*[:(])/, instead: '`unknown`, or the type it is' },
  { pattern: /^export\s+default\b/m, instead: 'an export with a name' },
  { pattern: /\.only\s*\(\s*['"`]/, within: ['spec'], instead: 'the whole suite' },
  { pattern: /\beval\s*\(|\bnew Function\s*\(/, within: ROOMS, instead: 'code that is there' },
];
/** These live in comments, so they are looked for in the whole text. */
const BANNED_COMMENTS = new RegExp(`${'@ts-'}(ignore|nocheck)|${'eslint-'}disable`);

/** What no file, or no room, may call or declare, and what to do in its place. */
export function checkCode(source: SourceFile): Violation[] {
  const violations: Violation[] = [];
  for (const { pattern, within, instead } of BANS) {
    if (within !== undefined && !within.includes(source.folder)) continue;
    for (const match of source.code.matchAll(new RegExp(pattern.source, `${pattern.flags}g`))) {
      const found = match[0].trim();
      if (EXEMPT[source.path]?.some((call) => found.includes(call))) continue;
      const line = source.lineAt(match.index + match[0].length - match[0].trimStart().length);
      violations.push({ file: source.path, line, rule: 'banned', message: `\`${found}\`; instead: ${instead}` });
    }
  }
  const comment = BANNED_COMMENTS.exec(source.text);
  if (comment !== null) {
    const message = `\`${comment[0]}\`; instead: the right type`;
    violations.push({ file: source.path, line: source.lineAt(comment.index), rule: 'banned', message });
  }
  return violations;
}

import { posix } from 'node:path';
import { FLOORS } from './rooms.ts';
import type { SourceFile } from './SourceFile.ts';
import type { Violation } from './Violation.ts';

/** How a room's entrances are called: for importers, browsers where those get something else, node, and threads. */
const ENTRANCES = ['index', 'browser', 'main', 'thread'];

/** What a room's files give: named like the file, described, and taken by somebody. */
export function checkExports(sources: readonly SourceFile[]): Violation[] {
  const taken = namesTaken(sources);
  return sources.flatMap((source) => {
    const complain = (line: number, rule: string, message: string): Violation => ({
      file: source.path,
      line,
      rule,
      message,
    });
    const exports = source.exports();
    // A browser edition is taken in the place of the file beside it.
    const place = source.path.replace(/\.browser\.ts$/, '.ts');
    const violations: Violation[] = [];
    if (isNamedForItsExport(source) && !givesWhatItIsNamedFor(source))
      violations.push(complain(0, 'file-name', `exports nothing called ${source.baseName}`));
    if (!(source.folder in FLOORS)) return violations;
    for (const { name, line, documented, isConstant } of exports) {
      const byOpening = name === source.baseName || (isConstant && isDescriptor(source));
      if (!documented && !(byOpening && source.openingComment !== undefined))
        violations.push(complain(line, 'doc-comment', `${name} has none`));
      if (ENTRANCES.includes(source.baseName)) continue;
      if (!taken.has(`${place}#${name}`) && !taken.has(`${place}#*`))
        violations.push(complain(line, 'dead-export', `${name} is taken by no file`));
    }
    return violations;
  });
}

/** Rooms: every file but the entrances and workers' programs. Elsewhere: files whose name looks like a type's. */
function isNamedForItsExport({ folder, baseName, path }: SourceFile): boolean {
  if (baseName.includes('.') || path.endsWith('.d.ts')) return false;
  return folder in FLOORS ? !ENTRANCES.includes(baseName) : /^[A-Z]/.test(baseName);
}

/** A file of constants that lays out memory: its opening comment draws them all. */
function isDescriptor({ baseName }: SourceFile): boolean {
  return baseName.endsWith('Descriptor');
}

/** Its main export, or a family: a layout, a plural (`ringErrors`), functions around one word (`addDemand`). */
function givesWhatItIsNamedFor(source: SourceFile): boolean {
  const { baseName } = source;
  const names = source.exports().map(({ name }) => name);
  if (names.includes(baseName)) return true;
  if (names.length < 2) return false;
  const shared = names.some((name) => name.endsWith(baseName) || name.startsWith(baseName));
  return shared || baseName.endsWith('s') || isDescriptor(source);
}

/** `path#name` for each name that a file takes from another by a relative path. */
function namesTaken(sources: readonly SourceFile[]): Set<string> {
  const taken = new Set<string>();
  for (const source of sources) {
    for (const { specifier, names } of source.imports()) {
      if (!specifier.startsWith('.')) continue;
      const target = posix.normalize(posix.join(posix.dirname(source.path), specifier));
      for (const name of names) taken.add(`${target}#${name}`);
    }
  }
  return taken;
}

import { blankOut } from './blankOut.ts';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** True if nothing of it is left at run time. */
  readonly typeOnly: boolean;
  /** The names it takes, as the other file calls them; `*` for all of them. */
  readonly names: readonly string[];
  /** True for `export ... from`. */
  readonly passedOn: boolean;
}

export interface Export {
  readonly name: string;
  readonly line: number;
  readonly isConstant: boolean;
  /** By a comment of its own, above or on its line, or by that of the lines it continues without a gap. */
  readonly documented: boolean;
}

const FROM = /\b(import|export)\s+(type\s+)?([\w$*{}\s,]*?)\s*from\s*(['"])/g;
const BARE_OR_DYNAMIC = /\bimport\s*\(?\s*(['"])/g;
const DECLARATION =
  /^export\s+(?:(?:declare|abstract|async)\s+)*(const|let|function\*?|class|interface|type)\s+([A-Za-z_$][\w$]*)/gm;
const LIST = /^export\s+(?:type\s+)?\{([^}]*)\}(?!\s*from)/gm;

/** A TypeScript file seen as text: enough of its grammar to know what it takes, gives and calls. */
export class SourceFile {
  readonly path: string;
  readonly text: string;
  /** The text without comments and without what strings hold, each character in its place. */
  readonly code: string;
  /** The text without comments, each character in its place. */
  readonly codeAndStrings: string;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    const { code, codeAndStrings } = blankOut(text);
    this.code = code;
    this.codeAndStrings = codeAndStrings;
  }

  /** The first folder of the path: the room, or the folder around the rooms. */
  get folder(): string {
    return this.path.includes('/') ? this.path.slice(0, this.path.indexOf('/')) : '';
  }

  get baseName(): string {
    return this.path.slice(this.path.lastIndexOf('/') + 1).replace(/\.ts$/, '');
  }

  lineAt(index: number): number {
    let line = 1;
    for (let i = this.text.indexOf('\n'); i !== -1 && i < index; i = this.text.indexOf('\n', i + 1)) line++;
    return line;
  }

  imports(): Import[] {
    const found: Import[] = [];
    for (const match of this.code.matchAll(FROM)) {
      const [whole, keyword, type, clause = ''] = match;
      found.push({
        specifier: this.#stringAt(match.index + whole.length),
        line: this.lineAt(match.index),
        typeOnly: type !== undefined || everyNameIsType(clause),
        names: namesIn(clause),
        passedOn: keyword === 'export',
      });
    }
    for (const match of this.code.matchAll(BARE_OR_DYNAMIC)) {
      found.push({
        specifier: this.#stringAt(match.index + match[0].length),
        line: this.lineAt(match.index),
        typeOnly: false,
        names: ['*'],
        passedOn: false,
      });
    }
    return found;
  }

  /** What the file itself declares and exports; what it passes on is in `imports()`. */
  exports(): Export[] {
    const found: Export[] = [];
    for (const match of this.code.matchAll(DECLARATION)) {
      const [, kind, name = ''] = match;
      const line = this.lineAt(match.index);
      found.push({ name, line, isConstant: kind === 'const', documented: this.#isDocumented(match.index) });
    }
    for (const match of this.code.matchAll(LIST))
      for (const name of namesIn(`{${match[1]}}`, 'outside'))
        found.push({ name, line: this.lineAt(match.index), isConstant: false, documented: true });
    return found;
  }

  /** The comment the file begins with, if it has one for readers of the API. */
  get openingComment(): string | undefined {
    return /^\/\*\*[\s\S]*?\*\//.exec(this.text)?.[0];
  }

  #isDocumented(index: number): boolean {
    const above = this.text.slice(0, index).trimEnd();
    if (above.endsWith('*/')) return this.text.slice(this.text.lastIndexOf('/*', index)).startsWith('/**');
    const end = this.text.indexOf('\n', index);
    if (/\/[/*]/.test(this.text.slice(index, end)) && !/\/[/*]/.test(this.code.slice(index, end))) return true;
    const previous = this.text.lastIndexOf('\n', index - 2) + 1;
    return /^export const /.test(this.text.slice(previous, index)) && this.#isDocumented(previous);
  }

  #stringAt(start: number): string {
    return this.text.slice(start, start + this.text.slice(start).search(/['"]/));
  }
}

function everyNameIsType(clause: string): boolean {
  const names = clause
    .replace(/[{}]/g, '')
    .split(',')
    .map((name) => name.trim());
  return clause.includes('{') && names.filter((name) => name !== '').every((name) => name.startsWith('type '));
}

function namesIn(clause: string, side: 'inside' | 'outside' = 'inside'): string[] {
  if (clause.includes('*')) return ['*'];
  return clause
    .replace(/[{}]/g, '')
    .split(',')
    .map((name) =>
      name
        .trim()
        .replace(/^type\s+/, '')
        .split(/\s+as\s+/),
    )
    .map(([inside = '', outside]) => (side === 'outside' ? (outside ?? inside) : inside))
    .filter((name) => name !== '');
}

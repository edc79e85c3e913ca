import { readFileSync } from 'node:fs';

/** A program on a page, as a reader sees it. */
export interface Sample {
  /** Its file's name, such as `client.ts`. */
  readonly file: string;
  readonly source: string;
  /** Where it begins on the page. */
  readonly line: number;
  /** The nearest heading above it. Samples below one heading belong together. */
  readonly section: string;
  /** What it prints, if the page says so. */
  readonly output: string | undefined;
}

/** The name of what is typed into a terminal, and what comes back. */
export const CONSOLE = 'console.txt';

/** A fenced block with its language. */
const FENCED = /^```(\w*)\n([\s\S]*?)^```$/gm;
const PROGRAM = /^(ts|js)$/;
const NAME_WITHIN = /^\/\/ ([\w.-]+\.(?:ts|js))$/m;
const NAME_ABOVE = /`(?:[\w.-]+\/)*([\w.-]+\.(?:ts|js))`:\n+$/;
const SAYS_WHAT_IT_PRINTS = /\bprints:?\n+$/;
const HEADING = /^#+ (.*)$/gm;

/**
 * The programs on a page: blocks of `ts` or `js` with a name, in a comment on the first line or at the end of
 * the line above. A block without a language after a line that ends with "prints" is the output of the program above.
 * A block of `console` has commands after `$ ` and what they print.
 */
export function samplesIn(page: string): Sample[] {
  const text = readFileSync(page, 'utf8');
  const samples: Sample[] = [];
  for (const { 0: block, 1: language = '', 2: source = '', index } of text.matchAll(FENCED)) {
    const above = text.slice(0, index);
    const line = above.split('\n').length;
    const last = samples.at(-1);
    const section = [...above.matchAll(HEADING)].at(-1)?.[1] ?? '';
    if (PROGRAM.test(language)) {
      const [, file] = NAME_WITHIN.exec(source) ?? NAME_ABOVE.exec(above) ?? [];
      if (file === undefined) throw new Error(`${page}:${line}: a program without a name: ${block.slice(0, 60)}`);
      samples.push({ file, source, line, section, output: undefined });
    } else if (language === 'console') {
      samples.push({ file: CONSOLE, source, line, section, output: source });
    } else if (language === '' && SAYS_WHAT_IT_PRINTS.test(above)) {
      if (last === undefined || last.output !== undefined) throw new Error(`${page}:${line}: the output of nothing`);
      samples[samples.length - 1] = { ...last, output: source };
    }
  }
  return samples;
}

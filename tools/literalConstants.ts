/**
 * Makes the constants of the library cost its users nothing, in bytes or in loads.
 *
 * A constant member, such as `FrameType.PAYLOAD` or `ErrorFlyweight.DATA_FIELD_OFFSET`, is written as the number that
 * it is: no minifier does that by itself, and whoever uses one member bundles the object or class. And constants that
 * are numbers come first in each file of the library, each with its value worked out: minifiers keep a sum of names
 * though nobody uses it, and take a constant for another file's only if nothing but constants comes before.
 */
import { readFileSync } from 'node:fs';

const OBJECT = /^export const (\w+) = \{([^{}]*)\} as const;/gm;
const MEMBER = /^ {2}([A-Z][A-Z0-9_]*): ([^,]+),$/gm;
const CLASS = /^export class (\w+)/m;
const STATIC = /^ {2}static readonly ([A-Z][A-Z0-9_]*)(?:: number)? = (.+);$/gm;
const CONSTANT = /^(?:export )?const ([A-Z][A-Z0-9_$]*)(?:: number)? = ([^;'"`{[]+);$/gm;
/** A number in any base, or a name. */
const WORD = /0[xb][\da-fA-F_]+|\d[\d_]*|[A-Za-z_$][\w$]*/g;
/** What numbers are added, multiplied and shifted with. */
const OPERATORS = /^(?:[-+*|&~()\s]|<<|>>>?)*$/;

/**
 * The members of each exported object of numbers, and the static numbers of each exported class, by `Name.MEMBER`.
 * @param files TypeScript
 * @throws Error if two files disagree
 */
export function constantMembers(files: readonly string[]): ReadonlyMap<string, number> {
  const members = new Map<string, number>();
  const add = (name: string, value: number | undefined): void => {
    if (value === undefined) return;
    if ((members.get(name) ?? value) !== value)
      throw new Error(`two values of ${name}: ${members.get(name)}, ${value}`);
    members.set(name, value);
  };
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const constants = constantsIn(text);
    for (const [, object, body = ''] of text.matchAll(OBJECT)) {
      for (const [, member, expression = ''] of body.matchAll(MEMBER))
        add(`${object}.${member}`, workedOut(expression, constants));
    }
    const [, owner] = CLASS.exec(text) ?? [];
    for (const [, member, expression = ''] of owner === undefined ? [] : text.matchAll(STATIC))
      add(`${owner}.${member}`, workedOut(expression, constants));
  }
  return members;
}

/** TypeScript with the value in the place of each such member. */
export function withLiteralMembers(source: string, members: ReadonlyMap<string, number>): string {
  return source.replaceAll(/(?<![\w$.])[A-Z]\w*\.[A-Z][A-Z0-9_]*(?![\w$])/g, (name) => {
    const value = members.get(name);
    return value === undefined ? name : value < 0 ? `(${value})` : String(value);
  });
}

/**
 * JavaScript with its numeric constants on the first line, worked out. Each leaves an empty line behind, so that source
 * maps stay true.
 */
export function withConstantsFirst(text: string): string {
  const constants = constantsIn(text);
  if (constants.size === 0) return text;
  const rest = text.replaceAll(CONSTANT, (declaration, name: string) => (constants.has(name) ? '' : declaration));
  const declarations = [...constants].map(([name, value]) => `const ${name} = ${value}; `).join('');
  // A program's `#!` has to be the first line of all.
  return rest.startsWith('#!') ? rest.replace('\n', () => `\n${declarations}`) : declarations + rest;
}

/** The numeric constants that a file declares on lines of their own, each from numbers and those above it. */
function constantsIn(text: string): ReadonlyMap<string, number> {
  const constants = new Map<string, number>();
  for (const [, name = '', expression = ''] of text.matchAll(CONSTANT)) {
    const value = workedOut(expression, constants);
    if (value !== undefined) constants.set(name, value);
  }
  return constants;
}

/** The value of an expression of numbers and known names; undefined if it is none. */
function workedOut(expression: string, constants: ReadonlyMap<string, number>): number | undefined {
  const plain = expression.replaceAll(/\/\*.*?\*\//g, '');
  const words = plain.match(WORD) ?? [];
  const isKnown = words.every((word) => /^\d/.test(word) || constants.has(word));
  if (!isKnown || words.length === 0 || !OPERATORS.test(plain.replaceAll(WORD, ''))) return undefined;
  const numbers = plain.replaceAll(WORD, (word) => `(${constants.get(word) ?? Number(word.replaceAll('_', ''))})`);
  return new Function(`return ${numbers};`)() as number;
}

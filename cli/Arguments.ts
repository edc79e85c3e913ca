import { parseArgs } from 'node:util';
import { HELP_OPTION, type Option } from './Option.ts';
import { UsageError } from './UsageError.ts';

const MS_PER_UNIT: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1_000, m: 60_000 };
const BYTES_PER_UNIT: Readonly<Record<string, number>> = { '': 1, k: 1_024, m: 1_048_576 };
const LARGEST_INT32 = 0x7fffffff;

/** The words after a command's name, checked. Every getter throws a `UsageError` that names the option. */
export class Arguments {
  readonly operands: readonly string[];
  readonly #values: Readonly<Record<string, readonly (string | boolean)[] | undefined>>;

  /** @throws UsageError for options that are not known, lack their value, or are given too often */
  constructor(options: readonly Option[], words: readonly string[]) {
    const known = [...options, HELP_OPTION].map(({ name, short, value }) => {
      const type = value === undefined ? ('boolean' as const) : ('string' as const);
      return [name, { type, multiple: true as const, ...(short === undefined ? {} : { short }) }] as const;
    });
    try {
      const { values, positionals } = parseArgs({
        args: [...words],
        allowPositionals: true,
        options: Object.fromEntries(known),
      });
      this.operands = positionals;
      this.#values = values;
    } catch (error) {
      throw new UsageError((error as Error).message.replace(/\. To specify a positional[\s\S]*$/, ''));
    }
    for (const { name, isRepeatable = false } of options) {
      if (!isRepeatable && (this.#values[name]?.length ?? 0) > 1) throw new UsageError(`--${name} is given twice`);
    }
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  text(name: string): string | undefined {
    return this.#values[name]?.[0] as string | undefined;
  }

  texts(name: string): readonly string[] {
    return (this.#values[name] ?? []) as readonly string[];
  }

  /** The one operand. */
  operand(what: string): string {
    const [first, second] = this.operands;
    if (first === undefined) throw new UsageError(`it needs ${what}`);
    if (second !== undefined) throw new UsageError(`one ${what} is enough: "${second}" is too much`);
    return first;
  }

  integer(name: string, min = 0, max: number = LARGEST_INT32): number | undefined {
    const text = this.text(name);
    return text === undefined
      ? undefined
      : this.#inRange(name, text, /^\d+$/.test(text) ? Number(text) : NaN, min, max);
  }

  /** Any number above 0. */
  positive(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN;
    if (!(number > 0)) throw new UsageError(`--${name} is a number above 0, not "${text}"`);
    return number;
  }

  /** Milliseconds: `250`, `250ms`, `5s`, `2m`. */
  milliseconds(name: string, min = 0): number | undefined {
    return this.#withUnit(name, MS_PER_UNIT, min, LARGEST_INT32);
  }

  /** Bytes: `4096`, `64k`, `1m`. */
  bytes(name: string, min = 0, max: number = LARGEST_INT32): number | undefined {
    return this.#withUnit(name, BYTES_PER_UNIT, min, max);
  }

  #withUnit(name: string, units: Readonly<Record<string, number>>, min: number, max: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const [, digits, unit = ''] = /^(\d+)([a-z]*)$/i.exec(text) ?? [];
    return this.#inRange(name, text, Number(digits ?? NaN) * (units[unit.toLowerCase()] ?? NaN), min, max);
  }

  #inRange(name: string, text: string, number: number, min: number, max: number): number {
    if (number >= min && number <= max) return number;
    throw new UsageError(`--${name} is a whole number from ${min} to ${max}, not "${text}"`);
  }
}

import { KeyObject } from 'node:crypto';
import { types } from 'node:util';

/**
 * Where `actual` is another clone than `expected`, or undefined: kinds, prototypes, properties in their order with
 * their attributes, elements, bytes, what is one object in both and what is not.
 */
export function differenceOfClones(actual: unknown, expected: unknown): string | undefined {
  return new Comparison().difference(actual, expected, 'value');
}

class Comparison {
  readonly #counterparts = new Map<unknown, unknown>();
  readonly #expected = new Set<unknown>();

  difference(actual: unknown, expected: unknown, path: string): string | undefined {
    if (typeof expected !== 'object' || expected === null) {
      return Object.is(actual, expected) ? undefined : `${path}: ${String(actual)} instead of ${String(expected)}`;
    }
    if (typeof actual !== 'object' || actual === null) return `${path}: no object, but ${String(actual)}`;
    if (this.#counterparts.has(actual) || this.#expected.has(expected)) {
      return this.#counterparts.get(actual) === expected ? undefined : `${path}: another object`;
    }
    this.#counterparts.set(actual, expected);
    this.#expected.add(expected);
    if (kindOf(actual) !== kindOf(expected)) return `${path}: a ${kindOf(actual)} instead of a ${kindOf(expected)}`;
    if (Object.getPrototypeOf(actual) !== Object.getPrototypeOf(expected)) return `${path}: another prototype`;
    return this.#contents(actual, expected, path) ?? this.#properties(actual, expected, path);
  }

  #contents(actual: object, expected: object, path: string): string | undefined {
    if (expected instanceof Map || expected instanceof Set) {
      const [ours, theirs] = [[...(actual as typeof expected)], [...expected]];
      return this.difference(ours.flat(0), theirs.flat(0), `${path}<>`);
    }
    if (ArrayBuffer.isView(expected)) {
      const { byteOffset, byteLength, buffer } = actual as ArrayBufferView;
      if (byteOffset !== expected.byteOffset || byteLength !== expected.byteLength) return `${path}: another part`;
      return this.difference(buffer, expected.buffer, `${path}.buffer`);
    }
    const [ours, theirs] = [essenceOf(actual), essenceOf(expected)];
    return ours === theirs ? undefined : `${path}: ${ours} instead of ${theirs}`;
  }

  #properties(actual: object, expected: object, path: string): string | undefined {
    if (ArrayBuffer.isView(expected) || expected instanceof Blob || expected instanceof KeyObject) return undefined;
    const [ours, theirs] = [Reflect.ownKeys(actual), Reflect.ownKeys(expected)];
    if (ours.length !== theirs.length || ours.some((key, i) => key !== theirs[i])) {
      return `${path}: keys ${ours.map(String).slice(0, 20)} instead of ${theirs.map(String).slice(0, 20)}`;
    }
    for (const key of ours) {
      const mine = Object.getOwnPropertyDescriptor(actual, key) as PropertyDescriptor;
      const other = Object.getOwnPropertyDescriptor(expected, key) as PropertyDescriptor;
      const difference =
        mine.enumerable !== other.enumerable || mine.writable !== other.writable
          ? `${path}.${String(key)}: other attributes`
          : this.difference(mine.value, other.value, `${path}.${String(key)}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
}

/** By what it is made of, whatever its prototype. */
function kindOf(value: object): string {
  for (const [name, test] of Object.entries(types)) {
    // An external or a proxy is no kind of a clone; the rest are narrower than `isTypedArray` and so on, and agree.
    if (test(value)) return name;
  }
  return Array.isArray(value) ? 'array' : 'object';
}

/** What it holds that is no property. */
function essenceOf(value: object): string {
  if (types.isDate(value)) return String(value.getTime());
  if (types.isRegExp(value)) return `${value} ${value.lastIndex}`;
  if (types.isBoxedPrimitive(value)) return Object.is(value.valueOf(), -0) ? '-0' : String(value.valueOf());
  if (types.isAnyArrayBuffer(value)) return essenceOfBuffer(value);
  if (value instanceof Blob) return `${value.type} ${value.size}`;
  if (value instanceof KeyObject) return value.type === 'secret' ? value.export().toString('hex') : 'public';
  return '';
}

function essenceOfBuffer(buffer: ArrayBufferLike): string {
  const { resizable, maxByteLength } = buffer as { resizable?: boolean; maxByteLength?: number };
  return `${resizable} ${maxByteLength} ${Buffer.from(buffer).toString('latin1')}`;
}

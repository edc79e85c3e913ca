/**
 * Writes plain values for msgpackr's reader, taking each property once and in the order in which structured clone
 * takes it, and gives up at the first thing of which structured clone would make anything else than what is read.
 *
 * Claim: a pass of our own beats a check followed by msgpackr's `pack`, and by far its structured-clone mode, which
 * moreover loses -0, holes, properties of arrays and Dates, and runs `toJSON`. Mechanism: one walk instead of two; the
 * check needs a descriptor of each property, or a getter would run twice; no Map of all objects for a few
 * (an object of four fields with an array and an object in it: 470 ns; check and `pack` 840; `pack` in structured-clone
 * mode 870, and to read that 710 instead of 330; V8's serializer 3,200; measured).
 *
 * What is written where MessagePack has nothing: msgpackr's extensions where these are exact, else our own.
 *
 *     undefined      d4 00 00
 *     bigint         d3 int64, cf uint64, or ext 42 with two's complement
 *     typed arrays   ext 74: kind, bytes; DataView and ArrayBuffer are kinds, too
 *     Set            d4 73 00, array of members
 *     RegExp         d4 78 00, array of source and flags
 *     rows           d4 72 id, array of keys, values; then `id`, values: objects in an array that have the same keys
 *     Map            d4 4d 00, array of key, value, key, value ...          (ours)
 *     Date           d4 44 00, milliseconds                                 (ours)
 *     references     d4 47 00, array of the root and an array: see `relink` (ours)
 */
import { types } from 'node:util';
import { MessagePackWriter, SPARE } from './MessagePackWriter.ts';
import { MetObjects } from './MetObjects.ts';
import { isDisguised, isPlain, isUnspoilt, startsLikeIndex } from './plainObjects.ts';
import { RowShape } from './RowShape.ts';
import {
  bufferOfBytes,
  bufferOfDataView,
  byteLengthOfBuffer,
  byteLengthOfBytes,
  byteLengthOfDataView,
  byteOffsetOfBytes,
  byteOffsetOfDataView,
  flagsOf,
  isResizable,
  nameOfBytes,
  sourceOf,
} from './slots.ts';

/** Objects in objects, at most; a deeper value goes by the port. */
export const MAX_VALUE_DEPTH = 200;

/** Elements of an array from which on it is worth looking whether they have the same keys (measured). */
const MIN_ROWS = 4;
/** msgpackr's numbers of records. */
const FIRST_RECORD = 0x40;
const LAST_RECORD = 0x7f;

const ARRAY_BUFFER_PROTOTYPE: unknown = ArrayBuffer.prototype;
const timeOf: (this: Date) => number = Date.prototype.getTime;
const forEachInMap: typeof Map.prototype.forEach = Map.prototype.forEach;
const forEachInSet: typeof Set.prototype.forEach = Set.prototype.forEach;

/** msgpackr's numbers for kinds of memory. */
const KINDS: ReadonlyMap<string, number> = new Map([
  ['Int8Array', 0],
  ['Uint8Array', 1],
  ['Uint8ClampedArray', 2],
  ['Int16Array', 3],
  ['Uint16Array', 4],
  ['Int32Array', 5],
  ['Uint32Array', 6],
  ['Float32Array', 7],
  ['Float64Array', 8],
  ['BigInt64Array', 9],
  ['BigUint64Array', 10],
]);
const ARRAY_BUFFER_KIND = 16;
const DATA_VIEW_KIND = 17;

/** For what is no place that `relink` could fill. */
const NOWHERE = -1;

export class PlainValueWriter {
  readonly #out = new MessagePackWriter();
  readonly #met = new MetObjects();
  /** Container, key, target, container, ...: see `relink`. */
  #references: (number | string)[] | undefined;
  #nextRecord = FIRST_RECORD;

  /** Where the last value was written: in the caller's buffer, unless that was too small. */
  get bytes(): Uint8Array {
    return this.#out.bytes;
  }

  /**
   * Writes `value` from `offset` on.
   *
   * @returns the index behind it in `bytes`; -1 if it is not plain, too deep or too long, or a getter throws
   */
  write(value: unknown, buffer: Uint8Array, offset: number): number {
    this.#out.begin(buffer, offset);
    let end = -1;
    try {
      if (isUnspoilt() && this.#write(value, 0, NOWHERE, '') && this.#writeReferences(offset)) end = this.#out.position;
    } catch {
      // A getter threw, or the stack is at its end: structured clone finds the same.
    }
    this.#met.clear();
    this.#references = undefined;
    this.#nextRecord = FIRST_RECORD;
    return end;
  }

  /**
   * @param container number of the object that holds it
   * @param key its place there
   */
  #write(value: unknown, depth: number, container: number, key: string | number): boolean {
    const out = this.#out;
    if (out.position + SPARE > out.bytes.length && !out.makeRoom(SPARE)) return false;
    switch (typeof value) {
      case 'string':
        return out.writeString(value);
      case 'number':
        out.writeNumber(value);
        return true;
      case 'object':
        if (value !== null) return this.#writeObject(value, depth, container, key);
        out.writeByte(0xc0);
        return true;
      case 'boolean':
        out.writeByte(value ? 0xc3 : 0xc2);
        return true;
      case 'undefined':
        out.writeExtension(0);
        return true;
      case 'bigint':
        return out.writeBigInt(value);
      default:
        return false;
    }
  }

  #writeObject(value: object, depth: number, container: number, key: string | number): boolean {
    if (depth === MAX_VALUE_DEPTH || types.isProxy(value)) return false;
    const self = this.#met.count;
    const number = this.#met.meet(value);
    if (number >= 0) return this.#refer(container, key, number);
    if (Array.isArray(value)) return this.#writeArray(value, depth, self);
    if (isPlain(value)) return this.#writeProperties(value, depth, self);
    return this.#writeSpecial(value, depth);
  }

  #writeProperties(value: object, depth: number, self: number): boolean {
    const out = this.#out;
    const header = out.position;
    out.position = header + 3;
    let count = 0;
    for (const key in value) {
      if (count === 0 && startsLikeIndex(key) && isDisguised(value)) return false;
      count++;
      // msgpackr gives it another name.
      if (key === '__proto__') return false;
      if (!out.writeString(key)) return false;
      if (!this.#write((value as Record<string, unknown>)[key], depth + 1, self, key)) return false;
    }
    if (count === 0 ? isDisguised(value) : count > 0xffff) return false;
    const bytes = out.bytes;
    bytes[header] = 0xde;
    bytes[header + 1] = count >> 8;
    bytes[header + 2] = count;
    return true;
  }

  #writeArray(value: readonly unknown[], depth: number, self: number): boolean {
    const length = value.length;
    // As many keys as elements, and the last of them an index: no holes, and nothing beside elements.
    const keys = Object.keys(value);
    if (keys.length !== length || (length > 0 && keys[length - 1] !== String(length - 1))) return false;
    this.#out.writeArrayHeader(length);
    let shape: RowShape | undefined;
    let first: unknown;
    for (let i = 0; i < length; i++) {
      const element = value[i];
      if (i === 0) first = element;
      else if (i === 1 && length >= MIN_ROWS) shape = RowShape.of(first, element);
      const written = shape?.fits(element)
        ? this.#writeRow(element as object, shape, depth + 1, self, i)
        : this.#write(element, depth + 1, self, i);
      if (!written) return false;
    }
    // What a getter added is left out, as structured clone does; what one took away is a hole.
    return value.length >= length;
  }

  /** An object that has the keys of `shape`: these are written once. */
  #writeRow(value: object, shape: RowShape, depth: number, container: number, index: number): boolean {
    const out = this.#out;
    if (depth === MAX_VALUE_DEPTH || (out.position + SPARE > out.bytes.length && !out.makeRoom(SPARE))) return false;
    const self = this.#met.count;
    const number = this.#met.meet(value);
    if (number >= 0) return this.#refer(container, index, number);
    const { keys } = shape;
    if (shape.record >= 0) {
      out.writeByte(shape.record);
    } else {
      if (this.#nextRecord > LAST_RECORD) return this.#writeProperties(value, depth, self);
      shape.record = this.#nextRecord++;
      out.writeExtension(0x72, shape.record);
      out.writeArrayHeader(keys.length);
      for (const key of keys) {
        if (!out.writeString(key)) return false;
      }
    }
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      const held = (value as Record<string, unknown>)[key];
      // A getter before it has deleted it.
      if (held === undefined && !Object.hasOwn(value, key)) return false;
      if (!this.#write(held, depth + 1, self, key)) return false;
    }
    return true;
  }

  /** What has inner slots: by those, whatever its prototype and own properties, as structured clone does. */
  #writeSpecial(value: object, depth: number): boolean {
    if (types.isTypedArray(value)) {
      const kind = KINDS.get(nameOfBytes.call(value));
      if (kind === undefined) return false;
      return this.#writeView(
        kind,
        bufferOfBytes.call(value),
        byteOffsetOfBytes.call(value),
        byteLengthOfBytes.call(value),
      );
    }
    if (types.isDate(value)) {
      this.#out.writeExtension(0x44);
      this.#out.writeNumber(timeOf.call(value));
      return true;
    }
    if (types.isMap(value)) return this.#writeMap(value, depth);
    if (types.isSet(value)) return this.#writeSet(value, depth);
    if (types.isRegExp(value)) return this.#writeRegExp(value);
    if (types.isDataView(value)) {
      const length = byteLengthOfDataView.call(value);
      return this.#writeView(DATA_VIEW_KIND, bufferOfDataView.call(value), byteOffsetOfDataView.call(value), length);
    }
    return types.isArrayBuffer(value) && this.#writeBuffer(ARRAY_BUFFER_KIND, value);
  }

  /** As they are when it is met: a getter within may change it. */
  #writeMap(map: Map<unknown, unknown>, depth: number): boolean {
    const entries: unknown[] = [];
    forEachInMap.call(map, (value, key) => entries.push(key, value));
    this.#out.writeExtension(0x4d);
    return this.#writeMembers(entries, depth);
  }

  #writeSet(set: Set<unknown>, depth: number): boolean {
    const members: unknown[] = [];
    forEachInSet.call(set, (member) => members.push(member));
    this.#out.writeExtension(0x73);
    return this.#writeMembers(members, depth);
  }

  #writeMembers(members: readonly unknown[], depth: number): boolean {
    this.#out.writeArrayHeader(members.length);
    for (const member of members) {
      if (!this.#write(member, depth + 1, NOWHERE, '')) return false;
    }
    return true;
  }

  #writeRegExp(regExp: RegExp): boolean {
    // Its flags are read by their names, which own properties may hide. It has one of its own, `lastIndex`.
    if (Object.getPrototypeOf(regExp) !== RegExp.prototype || Reflect.ownKeys(regExp).length !== 1) return false;
    this.#out.writeExtension(0x78);
    this.#out.writeArrayHeader(2);
    return this.#out.writeString(sourceOf.call(regExp)) && this.#out.writeString(flagsOf.call(regExp));
  }

  /** A view of all of a buffer of which nothing was met before: else the copies are to share one. */
  #writeView(kind: number, buffer: ArrayBufferLike, byteOffset: number, byteLength: number): boolean {
    if (!types.isArrayBuffer(buffer)) return false;
    if (byteOffset !== 0 || byteLength !== byteLengthOfBuffer.call(buffer)) return false;
    return this.#met.meet(buffer) < 0 && this.#writeBuffer(kind, buffer);
  }

  #writeBuffer(kind: number, buffer: ArrayBuffer): boolean {
    const length = byteLengthOfBuffer.call(buffer);
    // An empty one may be detached, of which structured clone throws.
    if (length === 0 || Object.getPrototypeOf(buffer) !== ARRAY_BUFFER_PROTOTYPE) return false;
    return !isResizable.call(buffer) && this.#out.writeMemory(kind, buffer, length);
  }

  /** Leaves the place empty and notes what belongs there. */
  #refer(container: number, key: string | number, target: number): boolean {
    if (container === NOWHERE) return false;
    this.#references ??= [];
    this.#references.push(container, key, target);
    this.#out.writeByte(0xc0);
    return true;
  }

  /** Puts the extension's header before the value, and the references behind. */
  #writeReferences(start: number): boolean {
    const references = this.#references;
    if (references === undefined) return true;
    const out = this.#out;
    if (!out.makeRoom(2 * SPARE)) return false;
    const end = out.position;
    out.bytes.copyWithin(start + 4, start, end);
    out.position = start;
    out.writeExtension(0x47);
    out.writeArrayHeader(2);
    out.position = end + 4;
    out.writeArrayHeader(references.length);
    return references.every((part) => this.#write(part, 0, NOWHERE, ''));
  }
}

/**
 * The default serializer: MessagePack for values of which msgpackr reads back exactly what `structuredClone` gives, and
 * structured clone itself for all others, over the port. See `PlainValueWriter` for where the line is.
 *
 * msgpackr's entry without `eval` is taken for two reasons. It is an instance of its own, so that an extension that a
 * program gives to `msgpackr` does not change what we read. And it never uses the native addon, whose presence is
 * chance.
 *
 * Where it differs from structured clone: a getter runs again if something after it turns out to need the port. An
 * object that is marked with `markAsUncloneable`, which shows nowhere, is cloned. So is, as a plain object, a built-in
 * whose prototype somebody replaced by that of plain objects, if it was also given properties of its own.
 */
import { addExtension, Unpackr } from 'msgpackr/index-no-eval';
import { PlainValueWriter } from './PlainValueWriter.ts';
import { relink } from './relink.ts';
import { CANNOT_SERIALIZE, type Serializer } from './Serializer.ts';

addExtension({ type: 0x44, read: (time: number) => new Date(time) });
addExtension({ type: 0x47, read: readGraph });
addExtension({ type: 0x4d, read: readMap });

export class StructuredCloneSerializer implements Serializer {
  readonly #unpackr: Unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });
  #writer: PlainValueWriter = new PlainValueWriter();
  #writing = false;
  /** Written, but too long for the buffer: for the call that comes with a larger one. */
  #written: Uint8Array | undefined;
  #writtenValue: unknown;

  /** Never throws; what `structuredClone` would throw, the port does. */
  serialize(value: unknown, buffer: Uint8Array, offset: number): number {
    const written = this.#written;
    if (written !== undefined) {
      this.#written = undefined;
      const same = Object.is(this.#writtenValue, value);
      this.#writtenValue = undefined;
      if (same && offset + written.length <= buffer.length) {
        buffer.set(written, offset);
        return offset + written.length;
      }
    }
    // A getter of the value may come here again.
    if (this.#writing) this.#writer = new PlainValueWriter();
    const writer = this.#writer;
    const nested = this.#writing;
    this.#writing = true;
    const end = writer.write(value, buffer, offset);
    this.#writing = nested;
    if (end < 0) return CANNOT_SERIALIZE;
    if (writer.bytes !== buffer) {
      this.#written = writer.bytes.subarray(offset, end);
      this.#writtenValue = value;
      this.#writer = new PlainValueWriter();
      // Though it would fit: the writer wants some room to spare.
      if (end <= buffer.length) return this.serialize(value, buffer, offset);
    }
    return end;
  }

  deserialize(view: Uint8Array): unknown {
    return this.#unpackr.unpack(view);
  }
}

function readGraph([root, references]: [unknown, (number | string)[]]): unknown {
  return relink(root, references);
}

function readMap(entries: unknown[]): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>();
  for (let i = 0; i < entries.length; i += 2) map.set(entries[i], entries[i + 1]);
  return map;
}

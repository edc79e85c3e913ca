import type { Serializer } from 'flysocket/workers';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** JSON: what it does not know it changes or refuses; here a bigint becomes text. */
export const serializer: Serializer = {
  serialize(value, buffer, offset) {
    const text = JSON.stringify(value, (_, held) => (typeof held === 'bigint' ? String(held) : held));
    const { read, written } = encoder.encodeInto(text, buffer.subarray(offset));
    if (read < text.length) throw new RangeError('the buffer is too small'); // called again with twice as much
    return offset + written;
  },

  deserialize(view) {
    return JSON.parse(decoder.decode(view));
  },
};

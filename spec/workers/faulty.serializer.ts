/** A serializer of JSON that fails as a value says. */
import type { Serializer } from 'flysocket/workers';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const serializer: Serializer = {
  serialize(value, buffer, offset) {
    const fault = (value as { fault?: string } | null)?.fault;
    if (fault === 'throws') throw new Error('as wanted');
    if (fault === 'lies') return 3.5;
    if (fault === 'grows') return buffer.length + 1;
    const bytes = encoder.encode(fault === 'unreadable' ? '{' : JSON.stringify(value));
    if (offset + bytes.length <= buffer.length) buffer.set(bytes, offset);
    return offset + bytes.length;
  },
  deserialize: (view) => JSON.parse(decoder.decode(view)),
};

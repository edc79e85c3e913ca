import { Decoder, Encoder } from 'cbor-x';
import type { Serializer } from 'flysocket/workers';

const options = { useRecords: false, structuredClone: true };
const encoder = new Encoder(options);
const decoder = new Decoder(options);

/** CBOR, which programs in other languages read, too. */
export const serializer: Serializer = {
  serialize(value, buffer, offset) {
    const bytes = encoder.encode(value);
    const end = offset + bytes.length;
    if (end <= buffer.length) buffer.set(bytes, offset);
    return end; // more than there is: called again with so much
  },

  deserialize(view) {
    return decoder.decode(view.slice()); // cbor-x gives parts of what it reads, and the view is used again
  },
};

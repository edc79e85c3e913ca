/** What the messages of the ring benches carry: the sequence number, in their first byte and their last. */
export const MSG_TYPE_ID = 1;

export function firstByteOf(sequence: number): number {
  return sequence & 0xff;
}

export function lastByteOf(sequence: number): number {
  return (sequence >>> 8) & 0xff;
}

/** Takes a message into a checksum that depends on the order of the messages. */
export function addToChecksum(checksum: number, firstByte: number, lastByte: number): number {
  return (Math.imul(checksum, 31) + (firstByte << 8) + lastByte) | 0;
}

/** The checksum of messages 0 to `count` - 1. */
export function checksumOf(count: number): number {
  let checksum = 0;
  for (let sequence = 0; sequence < count; sequence++) {
    checksum = addToChecksum(checksum, firstByteOf(sequence), lastByteOf(sequence));
  }
  return checksum;
}

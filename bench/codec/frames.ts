/** The frames of the codec benches, and their bytes put together by hand for all contenders to be checked against. */
export const METADATA_LENGTH = 32;
export const DATA_LENGTH = 128;
export const LARGE_DATA_LENGTH = 1024;

const HEADER_LENGTH = 6;
const METADATA_LENGTH_LENGTH = 3;
const REQUEST_RESPONSE_WITH_METADATA = 0x1100;
const PAYLOAD_NEXT = 0x2820;

/** Of the header: the frame carries metadata. */
export const FLAG_METADATA = 0x100;
/** Of a PAYLOAD: the frame carries an item. */
export const FLAG_NEXT = 0x20;
export const TYPE_REQUEST_RESPONSE = 0x04;
export const TYPE_PAYLOAD = 0x0a;

export const REQUEST_RESPONSE_LENGTH: number = HEADER_LENGTH + METADATA_LENGTH_LENGTH + METADATA_LENGTH + DATA_LENGTH;
export const PAYLOAD_LENGTH: number = HEADER_LENGTH + LARGE_DATA_LENGTH;

/** Printable bytes, so that JSON carries them as they are. */
export function textBytes(length: number, seed: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => 0x41 + ((at * 7 + seed) % 26)));
}

export const metadata: Buffer = textBytes(METADATA_LENGTH, 1);
export const data: Buffer = textBytes(DATA_LENGTH, 2);
export const largeData: Buffer = textBytes(LARGE_DATA_LENGTH, 3);

export function requestResponseBytes(streamId: number): Buffer {
  const head = Buffer.alloc(HEADER_LENGTH + METADATA_LENGTH_LENGTH);
  head.writeUInt32BE(streamId, 0);
  head.writeUInt16BE(REQUEST_RESPONSE_WITH_METADATA, 4);
  head.writeUIntBE(METADATA_LENGTH, 6, 3);
  return Buffer.concat([head, metadata, data]);
}

export function payloadBytes(streamId: number): Buffer {
  const head = Buffer.alloc(HEADER_LENGTH);
  head.writeUInt32BE(streamId, 0);
  head.writeUInt16BE(PAYLOAD_NEXT, 4);
  return Buffer.concat([head, largeData]);
}

/** Client streams have odd ids; this many of them, over and over. */
export const STREAMS = 256;

export function streamIdOf(operation: number): number {
  return ((operation & (STREAMS - 1)) << 1) | 1;
}

/** Numbers of frames that are done to check all or the last one: the first streams, and where ids need two bytes. */
export const VERIFIED_COUNTS: readonly number[] = [
  ...Array.from({ length: 32 }, (_, at) => at + 1),
  STREAMS / 2,
  STREAMS / 2 + 1,
  STREAMS,
  STREAMS + 1,
];

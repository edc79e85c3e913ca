import type { FrameLibrary } from '../FrameLibrary.ts';

/** What the bench uses of flatbuffers 25.9.23. */
export interface Flatbuffers {
  readonly Builder: new (size: number) => Builder;
  readonly ByteBuffer: new (bytes: Uint8Array) => ByteBuffer;
}

interface Builder {
  clear(): void;
  createByteVector(bytes: Uint8Array): number;
  startObject(fields: number): void;
  addFieldInt8(field: number, value: number, absent: number): void;
  addFieldInt16(field: number, value: number, absent: number): void;
  addFieldInt32(field: number, value: number, absent: number): void;
  addFieldOffset(field: number, offset: number, absent: number): void;
  endObject(): number;
  finish(root: number): void;
  asUint8Array(): Uint8Array;
}

interface ByteBuffer {
  bytes(): Uint8Array;
  position(): number;
  readUint8(offset: number): number;
  readUint16(offset: number): number;
  readInt32(offset: number): number;
  readUint32(offset: number): number;
  __offset(table: number, entry: number): number;
  __vector(offset: number): number;
  __vector_len(offset: number): number;
}

const BUILDER_LENGTH = 1_024;
const FIELDS = 5;
/** Where a table's directory has the entry of each field. */
const STREAM_ID = 4;
const TYPE = 6;
const FLAGS = 8;
const METADATA = 10;
const DATA = 12;

/**
 * By hand what `flatc --ts` makes of
 * `table Frame { streamId: uint32; type: ubyte; flags: uint16; metadata: [ubyte]; data: [ubyte]; }`.
 */
export function flatbuffers({ Builder, ByteBuffer }: Flatbuffers): FrameLibrary {
  const builder = new Builder(BUILDER_LENGTH);
  const vector = (buffer: ByteBuffer, at: number): Uint8Array => {
    const bytes = buffer.bytes();
    return new Uint8Array(bytes.buffer, bytes.byteOffset + buffer.__vector(at), buffer.__vector_len(at));
  };
  return {
    name: 'flatbuffers',
    encode({ streamId, type, flags, metadata, data }) {
      builder.clear();
      const metadataAt = builder.createByteVector(metadata);
      const dataAt = builder.createByteVector(data);
      builder.startObject(FIELDS);
      builder.addFieldInt32(0, streamId, 0);
      builder.addFieldInt8(1, type, 0);
      builder.addFieldInt16(2, flags, 0);
      builder.addFieldOffset(3, metadataAt, 0);
      builder.addFieldOffset(4, dataAt, 0);
      builder.finish(builder.endObject());
      return builder.asUint8Array();
    },
    decode(bytes) {
      const buffer = new ByteBuffer(bytes);
      const table = buffer.readInt32(buffer.position()) + buffer.position();
      return {
        streamId: buffer.readUint32(table + buffer.__offset(table, STREAM_ID)),
        type: buffer.readUint8(table + buffer.__offset(table, TYPE)),
        flags: buffer.readUint16(table + buffer.__offset(table, FLAGS)),
        metadata: vector(buffer, table + buffer.__offset(table, METADATA)),
        data: vector(buffer, table + buffer.__offset(table, DATA)),
      };
    },
  };
}

import type { Frame, FrameLibrary } from '../FrameLibrary.ts';

type Schema = { readonly __schema: unique symbol };

/** What the bench uses of @bufbuild/protobuf 2.17.0. */
export interface BufbuildProtobuf {
  create<T extends object>(schema: Schema, init: T): T;
  createFileRegistry(files: object): { getMessage(name: string): Schema | undefined };
  toBinary(schema: Schema, message: Frame): Uint8Array;
  fromBinary(schema: Schema, bytes: Uint8Array): Frame;
}

/** And of its @bufbuild/protobuf/wkt. */
export interface BufbuildProtobufTypes {
  readonly FileDescriptorSetSchema: Schema;
}

/** In descriptor.proto's numbers. */
const OPTIONAL = 1;
const BYTES = 12;
const UINT32 = 13;
const FIELDS: readonly (readonly [name: string, type: number])[] = [
  ['streamId', UINT32],
  ['type', UINT32],
  ['flags', UINT32],
  ['metadata', BYTES],
  ['data', BYTES],
];

/** From a descriptor made here, which is what its generated code holds too. */
export function bufbuildProtobuf(library: BufbuildProtobuf, types: BufbuildProtobufTypes): FrameLibrary {
  const { create, createFileRegistry, fromBinary, toBinary } = library;
  const field = FIELDS.map(([name, type], at) => ({ name, jsonName: name, type, number: at + 1, label: OPTIONAL }));
  const file = { name: 'frame.proto', syntax: 'proto3', messageType: [{ name: 'Frame', field }] };
  const schema = createFileRegistry(create(types.FileDescriptorSetSchema, { file: [file] })).getMessage('Frame');
  if (schema === undefined) throw new Error('@bufbuild/protobuf: the descriptor has no Frame');
  const message = create<Frame>(schema, {
    streamId: 0,
    type: 0,
    flags: 0,
    metadata: new Uint8Array(),
    data: new Uint8Array(),
  });
  return {
    name: '@bufbuild/protobuf',
    encode(frame) {
      message.streamId = frame.streamId;
      message.type = frame.type;
      message.flags = frame.flags;
      message.metadata = frame.metadata;
      message.data = frame.data;
      return toBinary(schema, message);
    },
    decode: (bytes) => fromBinary(schema, bytes),
  };
}

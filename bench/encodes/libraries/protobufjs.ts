import type { Frame, FrameLibrary } from '../FrameLibrary.ts';

/** What the bench uses of protobufjs 8.8.1. */
export interface Protobufjs {
  parse(schema: string): { readonly root: { lookupType(name: string): FrameType } };
}

interface FrameType {
  encode(frame: Frame): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Frame;
}

const SCHEMA = `
  syntax = "proto3";
  message Frame {
    uint32 streamId = 1;
    uint32 type = 2;
    uint32 flags = 3;
    bytes metadata = 4;
    bytes data = 5;
  }`;

/** Encoder and decoder are generated from the schema when they are first used. */
export function protobufjs({ parse }: Protobufjs): FrameLibrary {
  const type = parse(SCHEMA).root.lookupType('Frame');
  return { name: 'protobufjs', encode: (frame) => type.encode(frame).finish(), decode: (bytes) => type.decode(bytes) };
}

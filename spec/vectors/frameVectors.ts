import { readFileSync } from 'node:fs';
import { FrameFlag, FrameType } from 'flysocket/flyweight';

/** One golden frame, as spec/vectors/frames.json has it. */
export interface FrameVector {
  readonly name: string;
  /** The frame without a length prefix; the spaces part its fields. */
  readonly hex: string;
  readonly type: keyof typeof FrameType;
  readonly flags: readonly (keyof typeof FrameFlag)[];
  readonly streamId: number;
  /** By the names of the flyweight's accessors, in wire order. Texts are UTF-8; null stands for what is absent. */
  readonly fields: Readonly<Record<string, number | string | null>>;
  /** Why it is for reading only: a frame that some sender sends, and that we do not. */
  readonly oddity?: string;
}

export const frameVectors: readonly FrameVector[] = JSON.parse(readFileSync('spec/vectors/frames.json', 'utf8'));

export function bytesOf(vector: FrameVector): Uint8Array {
  return Uint8Array.from(Buffer.from(vector.hex.replaceAll(' ', ''), 'hex'));
}

export function flagsOf(vector: FrameVector): number {
  return vector.flags.reduce((flags, name) => flags | FrameFlag[name], 0);
}

export function typeOf(vector: FrameVector): number {
  return FrameType[vector.type];
}

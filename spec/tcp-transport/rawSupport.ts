import { FRAME_LENGTH_SIZE, putFrameLength } from 'flysocket/codec';
import { DirectBuffer, type RSocketError } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import type { RecordingHandler } from '../tck/RecordingHandler.ts';
import { until } from '../tck/until.ts';
import type { RawPair } from './tcpSupport.ts';

/** Frames behind their lengths, as a peer sends them. */
export function stream(frames: readonly Uint8Array[]): Uint8Array {
  const buffer = new DirectBuffer(
    new Uint8Array(frames.reduce((sum, { length }) => sum + FRAME_LENGTH_SIZE + length, 0)),
  );
  let at = 0;
  for (const frame of frames) {
    at = putFrameLength(buffer, at, frame.length);
    buffer.putBytes(at, frame);
    at += frame.length;
  }
  return buffer.bytes;
}

export function frameOf(length: number, seed: number): Uint8Array {
  return new Uint8Array(length).map((_, i) => seed * 31 + i * 7);
}

export function write({ raw }: RawPair, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => raw.write(bytes, () => resolve()));
}

/** Keeps what the bare socket gets, up to its end. */
export function receivedBy({ raw }: RawPair): { bytes(): Uint8Array; ended: Promise<void> } {
  const chunks: Uint8Array[] = [];
  raw.on('data', (chunk) => chunks.push(chunk));
  const ended = new Promise<void>((resolve) => raw.once('end', resolve));
  return { bytes: () => Uint8Array.from(chunks.flatMap((chunk) => [...chunk])), ended };
}

export async function endOf(pair: RawPair, handler: RecordingHandler): Promise<RSocketError | undefined> {
  const error = await pair.connection.onClose;
  await until(() => handler.count('closed') === 1, 'the handler knows');
  assert.equal(handler.closedWith, [error]);
  return error;
}

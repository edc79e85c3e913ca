import type { Payload, PayloadLike } from 'flysocket/core';
import * as assert from 'uvu/assert';

/** Bytes that follow from `seed`. */
export function bytesOf(seed: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0, x = Math.imul(seed + 1, 0x9e3779b1); i < length; i++) {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
    bytes[i] = x >>> 24;
  }
  return bytes;
}

/** As `assert.equal`, fast for large ones. */
export function assertBytes(actual: Uint8Array | undefined, expected: Uint8Array | undefined, what = 'bytes'): void {
  if (actual === undefined || expected === undefined) {
    assert.is(actual, expected, what);
    return;
  }
  assert.is(actual.length, expected.length, `length of ${what}`);
  if (Buffer.compare(actual, expected) === 0) return;
  const at = actual.findIndex((byte, i) => byte !== expected[i]);
  assert.unreachable(`${what} of ${actual.length} bytes differ first at ${at}`);
}

/** All texts of a stream. */
export async function textsOf(stream: AsyncIterable<Payload>): Promise<string[]> {
  const texts: string[] = [];
  for await (const payload of stream) texts.push(payload.dataUtf8());
  return texts;
}

/** The texts `0` to `count - 1`, by an iterable. */
export function* numbers(count: number = Number.POSITIVE_INFINITY): Generator<string> {
  for (let i = 0; i < count; i++) yield String(i);
}

/** As `numbers`, by an AsyncIterable. */
export async function* numbersLater(count: number = Number.POSITIVE_INFINITY): AsyncGenerator<string> {
  for (let i = 0; i < count; i++) yield String(i);
}

/** Checks that `texts` are `0` to `count - 1`. */
export function assertNumbers(texts: readonly string[], count: number): void {
  assert.is(texts.length, count);
  texts.forEach((text, i) => {
    if (text !== String(i)) assert.is(text, String(i));
  });
}

/** Every combination of what a payload may and may not have. */
export const PAYLOAD_SHAPES: Readonly<Record<string, { metadata?: string; data?: string }>> = {
  'nothing at all': {},
  'empty data': { data: '' },
  'data alone': { data: 'data' },
  'empty metadata': { metadata: '' },
  'empty metadata and data': { metadata: '', data: 'data' },
  'metadata alone': { metadata: 'metadata' },
  'metadata and data': { metadata: 'metadata ünd', data: 'däta' },
};

export function assertShape(payload: Payload, shape: { metadata?: string; data?: string }): void {
  assert.is(payload.metadataUtf8(), shape.metadata);
  assert.is(payload.dataUtf8(), shape.data ?? '');
  assertBytes(payload.data, new TextEncoder().encode(shape.data ?? ''));
}

/** What a handler answers that gives back what it got. */
export function echo(payload: Payload): PayloadLike {
  return payload;
}

import { Fragmenter, Reassembler, type Reassembly, validateFrame } from 'flysocket/codec';
import { DirectBuffer, FrameHeaderFlyweight, type PayloadFlyweight } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import * as assert from 'uvu/assert';

/** What a payload is sent as. */
export interface Sent {
  type: number;
  streamId: number;
  flags: number;
  n: number;
}

/** The frames of one payload, each in memory of its own size. */
export function fragmentsOf(
  { type, streamId, flags, n }: Sent,
  payload: PayloadFlyweight,
  maxFrameLength: number,
): Uint8Array[] {
  const fragmenter = new Fragmenter();
  fragmenter.start(type, streamId, flags, n, payload, maxFrameLength);
  const frames: Uint8Array[] = [];
  while (fragmenter.hasNext) {
    const predicted = fragmenter.nextLength();
    const buffer = new DirectBuffer(new ArrayBuffer(predicted));
    assert.is(fragmenter.encodeNext(buffer, 0), predicted);
    frames.push(buffer.bytes);
  }
  return frames;
}

/** Lets a frame be taken as it comes from a connection. */
export function accept(reassembler: Reassembler, frame: Uint8Array): Reassembly | null {
  // Memory of another kind each time, gone once it was taken: nothing may be kept of it.
  const buffer = new DirectBuffer(new ArrayBuffer(frame.length + 3), 3);
  buffer.putBytes(0, frame);
  assert.ok(validateFrame(buffer, 0, frame.length));
  const type = FrameHeaderFlyweight.type(buffer, 0);
  const flags = FrameHeaderFlyweight.flags(buffer, 0);
  const streamId = FrameHeaderFlyweight.streamId(buffer, 0);
  const whole = reassembler.accept(type, flags, streamId, buffer, 0, frame.length);
  buffer.bytes.fill(0xdd);
  return whole;
}

/** The flags of a frame. */
export function flagsOf(frame: Uint8Array): number {
  return FrameHeaderFlyweight.flags(new DirectBuffer(frame), 0);
}

/** A PAYLOAD or other frame as a peer may send it. */
export function frameOf(type: number, streamId: number, flags: number, body: Uint8Array): Uint8Array {
  const buffer = new DirectBuffer(new ArrayBuffer(6 + body.length));
  FrameHeaderFlyweight.encode(buffer, 0, streamId, type, flags);
  buffer.putBytes(6, body);
  return buffer.bytes;
}

/** A reassembler, and its pool, which tells what is not released. */
export function tracked(options: ConstructorParameters<typeof Reassembler>[1] = {}): [Reassembler, BufferPool] {
  const pool = new BufferPool({ tracking: true });
  return [new Reassembler(pool, options), pool];
}

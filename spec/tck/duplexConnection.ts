/**
 * What every transport must do, whatever it is made of. A transport runs it as
 *
 *     duplexConnectionKit('name', async () => ({ left, right, close }));
 *
 * with two connected ends in this thread, nobody having called `receive` on either.
 */
import { RSocketError } from 'flysocket/flyweight';
import { BACK_PRESSURED, CLOSED, type DuplexConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { RecordingHandler } from './RecordingHandler.ts';
import { turns, until } from './until.ts';

export interface ConnectionPair {
  readonly left: DuplexConnection;
  readonly right: DuplexConnection;
  /** Ends both, whatever state they are in, and whatever was made for them. */
  close(): Promise<void> | void;
}

export interface KitOptions {
  /** Shortest frame carried, in bytes: where frames are told by their lengths, one without a header is none. */
  readonly shortestFrame?: number;
  /** False for a transport that cannot place frames, since it has no padding between them. */
  readonly placesFrames?: boolean;
}

/** Turns of the event loop after which nothing more is expected to come. */
const QUIET_TURNS = 20;
const LONGEST_SMALL_FRAME = 300;
const FRAMES_EACH_WAY = 4_000;

export function duplexConnectionKit(
  name: string,
  makePair: () => Promise<ConnectionPair>,
  { shortestFrame = 1, placesFrames = true }: KitOptions = {},
): void {
  const test = suite(`${name} as a duplex connection`);

  /** Runs a test on a new pair, both ends recorded unless the test does that itself. */
  function onPair(
    title: string,
    body: (left: End, right: End) => Promise<void>,
    { receiving = true, timeoutMs = 20_000 } = {},
  ): void {
    test(
      title,
      async () => {
        const pair = await makePair();
        try {
          const left = new End(pair.left);
          const right = new End(pair.right);
          if (receiving) {
            left.receive();
            right.receive();
          }
          await body(left, right);
        } finally {
          await pair.close();
        }
      },
      { timeoutMs },
    );
  }

  onPair('carries frames of every small length at every alignment, byte for byte', async (left, right) => {
    let sent = 0;
    for (let alignment = 0; alignment < 8; alignment++) {
      for (let length = shortestFrame; length <= LONGEST_SMALL_FRAME; length++) {
        const index = await left.send(sent++, length, alignment);
        if (placesFrames) assert.is(index & 7, alignment);
      }
    }
    await until(() => right.frames.length === sent, 'all frames have come');
    const lengths = LONGEST_SMALL_FRAME - shortestFrame + 1;
    right.frames.forEach((frame, i) => {
      assert.is(frame.length, (i % lengths) + shortestFrame);
      assertFrame(frame, i);
    });
  });

  onPair('carries frames of maxFrameLength at every alignment', async (left, right) => {
    const { maxFrameLength } = left.connection;
    for (let alignment = 0; alignment < 8; alignment++) {
      await left.send(alignment, maxFrameLength - (alignment >> 2), alignment);
      await until(() => right.frames.length === alignment + 1, 'the frame has come');
      const frame = right.frames[alignment] as Uint8Array;
      assert.is(frame.length, maxFrameLength - (alignment >> 2));
      assertFrame(frame, alignment);
    }
  });

  onPair('refuses a frame above maxFrameLength, and goes on', async (left, right) => {
    const { connection } = left;
    const error = thrownBy(() => connection.tryClaim(connection.maxFrameLength + 1, 0));
    assert.is(error.code, 'ERR_FLYSOCKET_FRAME_TOO_LONG');
    assert.match(error.message, String(connection.maxFrameLength));
    await left.send(0, 10, 0);
    await until(() => right.frames.length === 1, 'the frame has come');
  });

  onPair('sends nothing of an aborted claim', async (left, right) => {
    for (let i = 0; i < 100; i++) {
      const index = await left.claim(40, i & 7);
      fill(left.connection, index, 40, 1_000 + i);
      left.connection.abort(index);
      await left.send(i, 20, 0);
    }
    await until(() => right.frames.length === 100, 'the frames have come');
    await turns(QUIET_TURNS);
    assert.is(right.frames.length, 100);
    right.frames.forEach(assertFrame);
  });

  onPair('has one claim open at a time', async (left, right) => {
    const { connection } = left;
    const index = connection.tryClaim(16, 0);
    fill(connection, index, 16, 0);
    thrownBy(() => connection.tryClaim(16, 0));
    thrownBy(() => connection.commit(index + 8));
    thrownBy(() => connection.abort(index + 8));
    connection.commit(index);
    assert.is(thrownBy(() => connection.commit(index)).code, 'ERR_FLYSOCKET_NO_CLAIM');
    assert.is(thrownBy(() => connection.abort(index)).code, 'ERR_FLYSOCKET_NO_CLAIM');
    await until(() => right.frames.length === 1, 'the frame has come');
    assertFrame(right.frames[0] as Uint8Array, 0);
  });

  onPair('keeps a claim good for as long as it is open', async (left, right) => {
    await left.send(0, 24, 0);
    const index = await left.claim(32, 3);
    fill(left.connection, index, 16, 1);
    await turns(5);
    fill(left.connection, index, 32, 1);
    left.connection.commit(index);
    await left.send(2, 8, 0);
    await until(() => right.frames.length === 3, 'the frames have come');
    right.frames.forEach(assertFrame);
  });

  onPair('says BACK_PRESSURED when full, and then onWritable exactly once', async (left, right) => {
    for (let round = 1; round <= 5; round++) {
      const sent = left.sendUntilFull(64);
      for (let i = 0; i < 10; i++) assert.is(left.connection.tryClaim(64, 7), BACK_PRESSURED);
      assert.is(left.count('writable'), round - 1, 'not within the call');
      await until(() => left.count('writable') === round, 'there is room again');
      const index = left.connection.tryClaim(64, 0);
      assert.ok(index >= 0, 'there is room when onWritable says so');
      left.connection.abort(index);
      await until(() => right.frames.length === sent, 'the frames have come');
      await turns(QUIET_TURNS);
      assert.is(left.count('writable'), round);
    }
    right.frames.forEach(assertFrame);
  });

  onPair('calls no onWritable that nobody waits for', async (left, right) => {
    for (let i = 0; i < 50; i++) await left.send(i, 10, 0);
    await until(() => right.frames.length === 50, 'the frames have come');
    await turns(QUIET_TURNS);
    assert.is(left.count('writable') + right.count('writable'), 0);
  });

  onPair('loses and doubles nothing when both sides are full at once', async (left, right) => {
    left.stream(FRAMES_EACH_WAY);
    right.stream(FRAMES_EACH_WAY);
    const done = (): boolean => left.frames.length >= FRAMES_EACH_WAY && right.frames.length >= FRAMES_EACH_WAY;
    await until(done, 'all frames have come both ways');
    await turns(QUIET_TURNS);
    for (const end of [left, right]) {
      assert.is(end.frames.length, FRAMES_EACH_WAY);
      end.frames.forEach(assertFrame);
      assert.ok(end.count('writable') > 0, 'it was full at times');
    }
  });

  onPair('takes frames from within onFrame', async (left, right) => {
    const last = 500;
    right.handler.afterFrame = (frame) => right.trySend(seedOf(frame), 16);
    left.handler.afterFrame = (frame) => {
      if (seedOf(frame) < last) left.trySend(seedOf(frame) + 1, 16);
    };
    left.trySend(0, 16);
    await until(() => left.frames.length === last + 1, 'the ball has come back so often');
    left.frames.forEach(assertFrame);
  });

  onPair(
    'delivers late to who receives late',
    async (left, right) => {
      for (let i = 0; i < 20; i++) await left.send(i, 30, i & 7);
      await turns(QUIET_TURNS);
      assert.is(right.frames.length, 0);
      right.receive();
      await until(() => right.frames.length === 20, 'the frames have come');
      right.frames.forEach(assertFrame);
    },
    { receiving: false },
  );

  onPair('delivers what was committed before the end, and nothing after it', async (left, right) => {
    const sent = left.sendUntilFull(48);
    left.connection.close();
    await until(() => left.count('closed') + right.count('closed') === 2, 'both ends know');
    await turns(QUIET_TURNS);
    assert.is(right.frames.length, sent);
    right.frames.forEach(assertFrame);
    for (const end of [left, right]) {
      assert.is(end.count('closed'), 1);
      assert.is(end.handler.signals.at(-1), 'closed');
    }
  });

  for (const error of [undefined, new RSocketError('ERR_FLYSOCKET_SPEC', 'the end')]) {
    onPair(`ends once on both sides, ${error === undefined ? 'without' : 'with'} an error`, async (left, right) => {
      left.connection.close(error);
      left.connection.close(new RSocketError('ERR_FLYSOCKET_SPEC', 'a second close does nothing'));
      assert.is(left.connection.tryClaim(8, 0), CLOSED);
      const [ours, theirs] = await Promise.all([left.connection.onClose, right.connection.onClose]);
      assert.is(ours, error);
      assert.ok(theirs === undefined || (error !== undefined && theirs instanceof RSocketError));
      await until(() => left.count('closed') + right.count('closed') === 2, 'both ends know');
      assert.equal(left.handler.closedWith, [error]);
      assert.equal(right.handler.closedWith, [theirs]);
      for (const { connection } of [left, right]) {
        assert.is(connection.tryClaim(8, 0), CLOSED);
        connection.flush();
        connection.close();
      }
      await turns(QUIET_TURNS);
      assert.is(left.count('closed') + right.count('closed'), 2);
    });
  }

  onPair('ends once on both sides when both close at once', async (left, right) => {
    left.sendUntilFull(32);
    right.sendUntilFull(32);
    left.connection.close();
    right.connection.close();
    await Promise.all([left.connection.onClose, right.connection.onClose]);
    await until(() => left.count('closed') + right.count('closed') === 2, 'both ends know');
    await turns(QUIET_TURNS);
    for (const end of [left, right]) {
      assert.is(end.count('closed'), 1);
      assert.is(end.handler.signals.at(-1), 'closed');
    }
  });

  onPair('can be closed from within onFrame', async (left, right) => {
    right.handler.afterFrame = () => right.connection.close();
    left.sendUntilFull(32);
    await until(() => left.count('closed') + right.count('closed') === 2, 'both ends know');
    await turns(QUIET_TURNS);
    for (const end of [left, right]) assert.is(end.handler.signals.at(-1), 'closed');
  });

  test.run();
}

/** One end, with what a test does to it. */
class End {
  readonly connection: DuplexConnection;
  readonly handler: RecordingHandler = new RecordingHandler();
  #sent = 0;

  constructor(connection: DuplexConnection) {
    this.connection = connection;
  }

  get frames(): Uint8Array[] {
    return this.handler.frames;
  }

  count(signal: 'frame' | 'writable' | 'closed'): number {
    return this.handler.count(signal);
  }

  receive(): void {
    this.connection.receive(this.handler);
  }

  /** Claims as soon as there is room. */
  async claim(length: number, alignment: number): Promise<number> {
    let index = this.connection.tryClaim(length, alignment);
    while (index === BACK_PRESSURED) {
      await turns(1);
      index = this.connection.tryClaim(length, alignment);
    }
    assert.ok(index >= 0, `claimed: ${index}`);
    return index;
  }

  async send(seed: number, length: number, alignment: number): Promise<number> {
    const index = await this.claim(length, alignment);
    fill(this.connection, index, length, seed);
    this.connection.commit(index);
    return index;
  }

  trySend(seed: number, length: number): boolean {
    const index = this.connection.tryClaim(length, seed & 7);
    if (index < 0) return false;
    fill(this.connection, index, length, seed);
    this.connection.commit(index);
    return true;
  }

  /** @returns how many frames this end has sent in all */
  sendUntilFull(length: number): number {
    while (this.trySend(this.#sent, length)) this.#sent++;
    return this.#sent;
  }

  /** Sends `count` frames of changing lengths, as fast as there is room for them. */
  stream(count: number): void {
    let sent = 0;
    const pump = (): void => {
      while (sent < count && this.trySend(sent, 8 + ((sent * 37) % 90))) sent++;
    };
    this.handler.afterWritable = pump;
    pump();
  }
}

/** A frame's bytes follow from its seed, the first four of them (as far as it has them) being the seed itself. */
function fill(connection: DuplexConnection, index: number, length: number, seed: number): void {
  const { buffer } = connection;
  for (let i = 0; i < length; i++) buffer.putUint8(index + i, byteAt(seed, i));
}

function assertFrame(frame: Uint8Array, seed: number): void {
  for (let i = 0; i < frame.length; i++) {
    if (frame[i] !== byteAt(seed, i)) assert.is(frame[i], byteAt(seed, i), `frame ${seed}, byte ${i}`);
  }
}

function byteAt(seed: number, i: number): number {
  return i < 4 ? (seed >>> (8 * i)) & 0xff : (Math.imul(seed + 1, 31) + Math.imul(i, 7)) & 0xff;
}

function seedOf(frame: Uint8Array): number {
  return new DataView(frame.buffer, frame.byteOffset).getUint32(0, true);
}

function thrownBy(action: () => void): RSocketError {
  try {
    action();
  } catch (error) {
    if (error instanceof RSocketError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

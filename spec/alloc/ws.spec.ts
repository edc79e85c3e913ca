/** What a frame over a WebSocket allocates on the heap, where many go in a turn: its share of a write and a read. */
import type { DuplexConnection, FrameHandler } from 'flysocket/transport';
import { listenWebSocket, openWebSocket } from 'flysocket/ws-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('allocation of a WebSocket connection');
const LENGTH = 24;
/** Frames under way at once. */
const WINDOW = 2_000;
const FRAMES = 100_000;
const ROUNDS = 7;
/** What a write, a read and a turn take is some 4,000 bytes for 2,000 frames; one object in each frame would be 16. */
const NEXT_TO_NOTHING = 6;

/** Sends back what comes, until `left` is used up. */
class Player implements FrameHandler {
  readonly #connection: DuplexConnection;
  readonly #onDone: () => void;
  left = 0;

  constructor(connection: DuplexConnection, onDone: () => void) {
    this.#connection = connection;
    this.#onDone = onDone;
    connection.receive(this);
  }

  serve(): void {
    const index = this.#connection.tryClaim(LENGTH, 0);
    if (index < 0) throw new Error(`no room: ${index}`);
    this.#connection.commit(index);
  }

  onFrame(): void {
    this.left--;
    if (this.left >= 0) this.serve();
    else if (this.left === -WINDOW) this.#onDone();
  }

  onWritable(): void {}
  onClosed(): void {}
}

test('frames there and back', async () => {
  let done = (): void => {};
  const echoes: Player[] = [];
  const listener = await listenWebSocket({ port: 0, host: '127.0.0.1' }, (connection) => {
    echoes.push(new Player(connection, () => {}));
  });
  const connection = await openWebSocket(`ws://127.0.0.1:${listener.address.port}`);
  const client = new Player(connection, () => done());
  const play = async (frames: number): Promise<void> => {
    client.left = frames;
    for (const echo of echoes) echo.left = Number.POSITIVE_INFINITY;
    await new Promise<void>((resolve) => {
      done = resolve;
      for (let i = 0; i < WINDOW; i++) client.serve();
    });
  };
  const perFrame: number[] = [];
  await play(FRAMES * 3);
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc?.();
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    await play(FRAMES);
    perFrame.push((process.memoryUsage().heapUsed - before) / (2 * FRAMES));
  }
  connection.close();
  await connection.onClose;
  await listener.close();
  const bytes = perFrame.sort((a, b) => a - b)[ROUNDS >> 1] as number;
  assert.ok(bytes < NEXT_TO_NOTHING, `${bytes} bytes per frame`);
});

test.run();

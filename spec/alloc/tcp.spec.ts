/** What a frame over TCP allocates, where many go in a turn: its share of what a write and a read cost. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { SharedReads, TcpConnection, withSharedReads } from 'flysocket/tcp-transport';
import type { FrameHandler } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('allocation of a TCP connection');
const LENGTH = 24;
/** Frames under way at once. */
const WINDOW = 2_000;
const FRAMES = 100_000;
const ROUNDS = 7;
/** What a write, a read and a turn take is some 3,500 bytes for 2,000 frames; one object in each frame would be 16. */
const NEXT_TO_NOTHING = 5;

/** Sends back what comes, until `left` is used up. */
class Player implements FrameHandler {
  readonly #connection: TcpConnection;
  readonly #onDone: () => void;
  left = 0;

  constructor(connection: TcpConnection, onDone: () => void) {
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
  const server = createServer({ pauseOnConnect: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const reads = SharedReads.create();
  const socket = connect({ port, host: '127.0.0.1', ...(reads === undefined ? {} : { onread: reads.onread }) });
  socket.pause();
  const [accepted] = (await once(server, 'connection')) as [Socket];
  await once(socket, 'connect');
  server.close();
  const other = withSharedReads(accepted);
  const left = new TcpConnection(socket, {}, reads);
  const right = new TcpConnection(other.socket, {}, other.reads);
  let done = (): void => {};
  const client = new Player(left, () => done());
  const echo = new Player(right, () => {});
  const play = async (frames: number): Promise<void> => {
    client.left = frames;
    echo.left = Number.POSITIVE_INFINITY;
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
    const before = bytesInUse();
    await play(FRAMES);
    perFrame.push((bytesInUse() - before) / (2 * FRAMES));
  }
  left.close();
  right.close();
  await Promise.all([left.onClose, right.onClose]);
  const bytes = perFrame.sort((a, b) => a - b)[ROUNDS >> 1] as number;
  assert.ok(bytes < NEXT_TO_NOTHING, `${bytes} bytes per frame`);
});

function bytesInUse(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test.run();

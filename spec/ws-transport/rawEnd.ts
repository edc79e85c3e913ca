import type { Duplex } from 'node:stream';
import { BufferPool } from 'flysocket/pool';
import { NodeWebSocketConnection, type NodeWebSocketConnectionOptions } from 'flysocket/ws-transport';
import { RecordingHandler } from '../tck/RecordingHandler.ts';
import { until } from '../tck/until.ts';
import { narrowPipe } from './narrowPipe.ts';

const NOTHING = new Uint8Array(0);

/** A connection that records what it gets, and at its other end the bare bytes of a WebSocket. */
export class RawEnd {
  readonly connection: NodeWebSocketConnection;
  readonly handler: RecordingHandler = new RecordingHandler();
  readonly raw: Duplex;
  readonly pool: BufferPool = new BufferPool({ tracking: true, label: 'raw end' });
  #received = Buffer.alloc(0);

  constructor(isClient: boolean, options: NodeWebSocketConnectionOptions = {}) {
    const [socket, raw] = narrowPipe();
    this.connection = new NodeWebSocketConnection(socket, NOTHING, isClient, { ...options, pool: this.pool });
    this.connection.receive(this.handler);
    this.raw = raw;
    raw.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
  }

  /** All that the connection has sent so far. */
  get received(): Buffer {
    return this.#received;
  }

  /** Waits for `length` bytes, and takes them. */
  async take(length: number): Promise<Buffer> {
    await until(() => this.#received.length >= length, `${length} bytes have come`);
    const taken = this.#received.subarray(0, length);
    this.#received = this.#received.subarray(length);
    return taken;
  }

  /** Takes one unmasked frame with a short header. */
  async takeFrame(): Promise<{ opcode: number; payload: Buffer }> {
    const header = await this.take(2);
    return { opcode: (header[0] as number) & 0x0f, payload: await this.take(header[1] as number) };
  }

  /** Ends both, and finds that all memory came back. */
  async dispose(): Promise<void> {
    this.raw.destroy();
    await this.connection.onClose;
    this.pool.assertQuiescent();
  }
}

export interface FrameOptions {
  readonly isLast?: boolean;
  readonly key?: number;
}

/** The bytes of a frame as a client sends them, masked with `key`; without a key as a server does. */
export function frameOf(opcode: number, payload: Uint8Array | string, options: FrameOptions = {}): Buffer {
  const { isLast = true, key = 0x01020304 } = options;
  const data = Buffer.from(payload as Uint8Array);
  const length = data.length < 126 ? [data.length] : data.length < 65_536 ? [126] : [127];
  const header = Buffer.from([(isLast ? 0x80 : 0) | opcode, (length[0] as number) | (key === 0 ? 0 : 0x80)]);
  const extended = Buffer.alloc(length[0] === 126 ? 2 : length[0] === 127 ? 8 : 0);
  if (extended.length === 2) extended.writeUInt16BE(data.length);
  if (extended.length === 8) extended.writeBigUInt64BE(BigInt(data.length));
  if (key === 0) return Buffer.concat([header, extended, data]);
  const mask = Buffer.alloc(4);
  mask.writeInt32BE(key);
  const masked = data.map((byte, i) => byte ^ (mask[i & 3] as number));
  return Buffer.concat([header, extended, mask, masked]);
}

/** The payload of a Close. */
export function closeOf(code: number, reason = ''): Buffer {
  const payload = Buffer.alloc(2 + reason.length);
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return payload;
}

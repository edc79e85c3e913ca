/** The other end of a TCP connection without RSocket above it: frames as rsocket-core 0.0.27 reads and writes them. */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Frame } from 'flysocket/compat/rsocket-core-0';
import { until } from '../../tck/until.ts';

/** The codec of rsocket-core 0.0.27. */
interface Framing0 {
  serializeFrame(frame: Frame, encoders?: object): Buffer;
  serializeFrameWithLength(frame: Frame, encoders?: object): Buffer;
  deserializeFrame(bytes: Buffer, encoders?: object): Frame;
}

export const framing0: Framing0 = createRequire(import.meta.url)('rsocket-core-0');

const HOST = '127.0.0.1';

export class RawPeer {
  /** The bytes of each frame that came, without its length. */
  readonly frames: Buffer[] = [];
  isEnded = false;
  readonly #server: Server | undefined;
  #socket: Socket | undefined;
  #rest: Buffer = Buffer.alloc(0);

  private constructor(server: Server | undefined) {
    this.#server = server;
  }

  /** Listens for one client. */
  static async listening(): Promise<RawPeer> {
    const server = createServer({ noDelay: true });
    const peer = new RawPeer(server);
    server.once('connection', (socket) => peer.#use(socket));
    server.listen(0, HOST);
    await once(server, 'listening');
    return peer;
  }

  /** Connects to a server. */
  static async connecting(port: number): Promise<RawPeer> {
    const peer = new RawPeer(undefined);
    const socket = connect({ port, host: HOST, noDelay: true });
    await once(socket, 'connect');
    peer.#use(socket);
    return peer;
  }

  /** Where it listens; 0 if it does not. */
  get port(): number {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Sends bytes as they are. */
  write(bytes: Uint8Array): void {
    this.#socket?.write(bytes);
  }

  /** Sends a frame, with its length. */
  send(frame: Frame, encoders?: object): void {
    this.write(framing0.serializeFrameWithLength(frame, encoders));
  }

  /** Settles with the first `count` frames when they have come. */
  async received(count: number): Promise<readonly Buffer[]> {
    await until(() => this.frames.length >= count, `${count} frames have come`);
    return this.frames;
  }

  async connected(): Promise<void> {
    await until(() => this.#socket !== undefined, 'somebody has connected');
  }

  close(): void {
    this.#socket?.destroy();
    this.#server?.close();
  }

  #use(socket: Socket): void {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk) => this.#accept(chunk));
    socket.on('end', () => {
      this.isEnded = true;
    });
    socket.on('close', () => {
      this.isEnded = true;
    });
  }

  #accept(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 3) {
      const length = this.#rest.readUIntBE(0, 3);
      if (this.#rest.length < 3 + length) return;
      this.frames.push(this.#rest.subarray(3, 3 + length));
      this.#rest = this.#rest.subarray(3 + length);
    }
  }
}

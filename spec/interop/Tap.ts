import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { FRAME_LENGTH_SIZE } from 'flysocket/codec';
import { DirectBuffer, FrameHeaderFlyweight } from 'flysocket/flyweight';

const HOST = '127.0.0.1';

/** A frame that went by. */
export interface TappedFrame {
  readonly from: 'client' | 'server';
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly bytes: Uint8Array;
}

/** Stands between a client and a server over TCP, hands everything on, and keeps each frame. */
export class Tap {
  readonly frames: TappedFrame[] = [];
  readonly #server: Server;
  readonly #sockets: Set<Socket> = new Set();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async before(port: number): Promise<Tap> {
    const server = createServer({ noDelay: true });
    const tap = new Tap(server);
    server.on('connection', (client) => tap.#join(client, connect({ port, host: HOST, noDelay: true })));
    server.listen(0, HOST);
    await once(server, 'listening');
    return tap;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** How many frames of a type one side has sent, with all of `flags` set. */
  count(from: TappedFrame['from'], type: number, flags = 0): number {
    return this.frames.filter((frame) => frame.from === from && frame.type === type && (frame.flags & flags) === flags)
      .length;
  }

  /** Breaks every connection that goes through. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.#server.close();
    this.cut();
  }

  #join(client: Socket, server: Socket): void {
    this.#relay('client', client, server);
    this.#relay('server', server, client);
  }

  #relay(from: TappedFrame['from'], source: Socket, target: Socket): void {
    this.#sockets.add(source);
    let rest = Buffer.alloc(0);
    source.on('data', (chunk) => {
      target.write(chunk);
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= FRAME_LENGTH_SIZE) {
        const end = FRAME_LENGTH_SIZE + rest.readUIntBE(0, FRAME_LENGTH_SIZE);
        if (rest.length < end) break;
        this.#keep(from, Uint8Array.from(rest.subarray(FRAME_LENGTH_SIZE, end)));
        rest = rest.subarray(end);
      }
    });
    source.on('error', () => {});
    source.on('close', () => {
      this.#sockets.delete(source);
      target.end();
    });
  }

  #keep(from: TappedFrame['from'], bytes: Uint8Array): void {
    const buffer = new DirectBuffer(bytes);
    this.frames.push({
      from,
      bytes,
      type: FrameHeaderFlyweight.type(buffer, 0),
      flags: FrameHeaderFlyweight.flags(buffer, 0),
      streamId: FrameHeaderFlyweight.streamId(buffer, 0),
    });
  }
}

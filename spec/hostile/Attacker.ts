import { connect, type Socket } from 'node:net';
import { DirectBuffer, ErrorFlyweight, FrameHeaderFlyweight, FrameType, frameToString } from 'flysocket/flyweight';
import type { WriteFrame } from '../core/rawFrames.ts';
import { until } from '../tck/until.ts';
import type { Framing } from './Framing.ts';
import { CLOSE, messageFrame } from './webSocketFraming.ts';

/** A frame that the server has sent. */
interface ReceivedFrame {
  readonly type: number;
  readonly streamId: number;
  /** Of an ERROR; else 0. */
  readonly errorCode: number;
  /** As `frameToString` says it. */
  readonly text: string;
}

/** Frames on streams that are kept; those on stream 0 all are. */
const FRAMES_KEPT = 2_000;
const FRAMES_PER_WRITE = 256;

/** A bare socket at the other end of a server's connection: it sends whatever it is told to. */
export class Attacker {
  readonly socket: Socket;
  readonly frames: ReceivedFrame[] = [];
  /** Control frames of a WebSocket: opcode and payload. */
  readonly controls: { readonly opcode: number; readonly payload: Uint8Array }[] = [];
  /** The server has ended its side, or all. */
  hasEnded = false;
  readonly #scratch: DirectBuffer = new DirectBuffer(new ArrayBuffer(131_072));
  readonly #framing: Framing;
  #unread: Buffer;

  /** @param unread what has come by the socket already */
  constructor(socket: Socket, framing: Framing, unread: Buffer) {
    this.socket = socket;
    this.#framing = framing;
    this.#unread = unread;
    socket.on('data', (chunk: Buffer) => {
      this.#unread = Buffer.concat([this.#unread, chunk]);
      this.#read();
    });
    for (const event of ['end', 'close', 'error']) {
      socket.on(event, () => {
        this.hasEnded = true;
      });
    }
    this.#read();
  }

  /** Connects, and says nothing. It answers the server's FIN with its own, unless it `stays`. */
  static dial(port: number, stays = false): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: stays, noDelay: true });
      socket.once('connect', () => {
        socket.off('error', reject);
        socket.on('error', () => {});
        resolve(socket);
      });
      socket.once('error', reject);
    });
  }

  /** Sends the frames as they should lie in the stream, by one write. */
  send(...frames: WriteFrame[]): void {
    this.sendBytes(Buffer.concat(frames.map((frame) => this.#framing.wrap(this.bytesOf(frame)))));
  }

  /** Sends a frame of these bytes, whatever they are. */
  sendFrame(bytes: Uint8Array): void {
    this.sendBytes(this.#framing.wrap(bytes));
  }

  /** Sends these bytes and nothing around them. @returns false if the socket takes no more for now */
  sendBytes(bytes: Uint8Array): boolean {
    return this.hasEnded || this.socket.write(bytes);
  }

  /** Sends what `make` gives for 0 to `count - 1`, as fast as the socket takes it, until the connection has ended. */
  async flood(count: number, make: (i: number) => readonly WriteFrame[]): Promise<void> {
    for (let i = 0; i < count && !this.hasEnded; ) {
      const batch: Uint8Array[] = [];
      while (i < count && batch.length < FRAMES_PER_WRITE) {
        for (const frame of make(i++)) batch.push(this.#framing.wrap(this.bytesOf(frame)));
      }
      await this.write(Buffer.concat(batch));
    }
  }

  /** As `sendBytes`, and waits until the socket takes more. */
  async write(bytes: Uint8Array): Promise<void> {
    if (!this.sendBytes(bytes)) await this.#drained();
  }

  /** Reads nothing any more. */
  deafen(): void {
    this.socket.pause();
  }

  /** What came on that stream. */
  on(streamId: number): ReceivedFrame[] {
    return this.frames.filter((frame) => frame.streamId === streamId);
  }

  /** The code of the ERROR on that stream; undefined if there is none. */
  errorOn(streamId: number): number | undefined {
    return this.on(streamId).find(({ type }) => type === FrameType.ERROR)?.errorCode;
  }

  async untilAnswered(streamId: number): Promise<ReceivedFrame> {
    await until(() => this.hasEnded || this.on(streamId).length > 0, `stream ${streamId} is answered`);
    const answer = this.on(streamId)[0];
    if (answer === undefined) throw new Error(`ended instead of an answer: ${this.on(0).map(({ text }) => text)}`);
    return answer;
  }

  untilEnded(): Promise<void> {
    return until(() => this.hasEnded, 'the server ends the connection');
  }

  bytesOf(frame: WriteFrame): Uint8Array {
    const length = frame(this.#scratch, 0);
    return this.#scratch.bytes.slice(0, length);
  }

  async #drained(): Promise<void> {
    let isDrained = false;
    this.socket.once('drain', () => {
      isDrained = true;
    });
    await until(() => isDrained || this.hasEnded, 'the server reads');
  }

  #read(): void {
    const taken = this.#framing.read(this.#unread, {
      onFrame: (bytes) => this.#keep(new DirectBuffer(bytes)),
      onControl: (opcode, payload) => {
        this.controls.push({ opcode, payload });
        if (opcode === CLOSE) this.sendBytes(messageFrame(CLOSE, payload));
      },
    });
    this.#unread = this.#unread.subarray(taken);
  }

  #keep(buffer: DirectBuffer): void {
    const type = FrameHeaderFlyweight.type(buffer, 0);
    const streamId = FrameHeaderFlyweight.streamId(buffer, 0);
    if (streamId !== 0 && this.frames.length >= FRAMES_KEPT) return;
    const errorCode = type === FrameType.ERROR ? ErrorFlyweight.errorCode(buffer, 0) : 0;
    this.frames.push({ type, streamId, errorCode, text: frameToString(buffer, 0, buffer.capacity) });
  }
}

import type { FrameWatcher } from '../endpoint/index.ts';
import { type DirectBuffer, frameToString } from '../flyweight/index.ts';
import type { Host } from './Host.ts';
import { Style } from './Style.ts';

const WIDTH = 10;

/**
 * Shows every frame on standard error, with the time since the first one in milliseconds and its direction: `>` sent,
 * `<` received. With `isJson` it is an object a line.
 */
export class FramePrinter implements FrameWatcher {
  readonly #host: Host;
  readonly #style: Style;
  readonly #isJson: boolean;
  #startMs: number | undefined;

  constructor(host: Host, isJson: boolean) {
    this.#host = host;
    this.#style = new Style(host.stderr, host.env);
    this.#isJson = isJson;
  }

  onFrameSent(buffer: DirectBuffer, offset: number, length: number): void {
    this.#print('sent', this.#style.green('>'), frameToString(buffer, offset, length));
  }

  onFrameReceived(buffer: DirectBuffer, offset: number, length: number): void {
    this.#print('received', this.#style.cyan('<'), frameToString(buffer, offset, length));
  }

  #print(direction: string, arrow: string, frame: string): void {
    const nowMs = performance.now();
    this.#startMs ??= nowMs;
    const ms = (nowMs - this.#startMs).toFixed(3);
    const name = /^\w+/.exec(frame)?.[0] ?? '';
    const line = this.#isJson
      ? JSON.stringify({ event: 'frame', ms: Number(ms), direction, frame })
      : `${this.#style.dim(ms.padStart(WIDTH))} ${arrow} ${this.#style.bold(name)}${frame.slice(name.length)}`;
    this.#host.stderr.write(`${line}\n`);
  }
}

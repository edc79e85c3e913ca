import type { Host } from './Host.ts';

const CLEAR = '\r\u001b[K';
const INTERVAL_MS = 200;

/** A line at the foot of a terminal that says what is going on, until it goes. Elsewhere there is none. */
export class LiveLine {
  readonly #host: Host;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(host: Host, isWanted: boolean, text: () => string) {
    this.#host = host;
    if (!isWanted) return;
    this.#timer = setInterval(() => {
      host.stdout.write(CLEAR + text().slice(0, (host.stdout.columns || 80) - 1));
    }, INTERVAL_MS);
    this.#timer.unref();
  }

  end(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#host.stdout.write(CLEAR);
  }
}

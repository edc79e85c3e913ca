import { Duplex } from 'node:stream';

/** Bytes that a narrow pipe carries in a turn of the event loop. */
const BYTES_PER_TURN = 8_192;

/**
 * Two ends of a pipe within this thread that carries few bytes at a time: what is written stays the writer's until all
 * of it is through, as with a socket whose buffer is full.
 */
export function narrowPipe(): [Duplex, Duplex] {
  const left = new PipeEnd();
  const right = new PipeEnd();
  left.peer = right;
  right.peer = left;
  return [left, right];
}

class PipeEnd extends Duplex {
  peer!: PipeEnd;
  #resume: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: BYTES_PER_TURN });
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    const carry = (offset: number): void => {
      if (this.destroyed) return;
      const part = Uint8Array.from(chunk.subarray(offset, offset + BYTES_PER_TURN));
      const next = offset + part.length;
      const goOn = (): void => {
        setImmediate(() => {
          if (next < chunk.length) carry(next);
          else done();
        });
      };
      if (this.peer.destroyed || this.peer.push(part)) goOn();
      else this.peer.#resume = goOn;
    };
    carry(0);
  }

  override _final(done: () => void): void {
    this.peer.push(null);
    done();
  }

  override _read(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    setImmediate(() => this.peer.destroy());
    done(error);
  }
}

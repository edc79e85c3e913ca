import type { PooledBuffer } from '../pool/index.ts';

/**
 * Pooled memory whose frames are lent to a `ws` socket, one by one, until it has called back for each. Callbacks count
 * for their own slab, so their order does not matter: a socket that is destroyed calls the later ones first.
 */
export class LentSlab {
  readonly memory: PooledBuffer;
  /** Given to the socket with each frame. Counts it as taken. */
  readonly onTaken: () => void;
  /** Bytes from the start that frames have taken up. */
  filled: number;
  /** What its frames are charged with, in bytes. */
  charge: number;
  #lent: number;

  /** @param onLanded called each time that all that was lent is back */
  constructor(memory: PooledBuffer, onLanded: (slab: LentSlab) => void) {
    this.memory = memory;
    this.filled = 0;
    this.charge = 0;
    this.#lent = 0;
    this.onTaken = () => {
      this.#lent--;
      if (this.#lent === 0) onLanded(this);
    };
  }

  /** The socket still reads from it. */
  get isLent(): boolean {
    return this.#lent > 0;
  }

  /** One more frame, up to `end` of the slab, is the socket's until `onTaken`. */
  lend(end: number, charge: number): void {
    this.filled = end;
    this.charge += charge;
    this.#lent++;
  }
}

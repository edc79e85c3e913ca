/** Cuts what comes from a socket into records of one length. */
export class Records {
  readonly #record: Buffer;
  readonly #onRecord: (record: Buffer) => void;
  #filled = 0;

  /** @param onRecord gets each record, which is overwritten or gone after the call */
  constructor(length: number, onRecord: (record: Buffer) => void) {
    this.#record = Buffer.alloc(length);
    this.#onRecord = onRecord;
  }

  take(chunk: Buffer): void {
    const length = this.#record.length;
    let offset = 0;
    if (this.#filled > 0) {
      offset = chunk.copy(this.#record, this.#filled, 0);
      this.#filled += offset;
      if (this.#filled < length) return;
      this.#onRecord(this.#record);
    }
    for (; offset + length <= chunk.length; offset += length) this.#onRecord(chunk.subarray(offset, offset + length));
    this.#filled = chunk.copy(this.#record, 0, offset);
  }
}

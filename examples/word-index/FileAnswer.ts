/** What a worker found in one file. All are 32-bit unsigned integers. */
export interface FileAnswer {
  /** The file's number in the list. */
  readonly file: number;
  readonly lines: number;
  readonly words: number;
  /** Of its lines without their ends. */
  readonly bytes: number;
  /** FNV-1a, 32 bits, over each line and a `\n` after it. */
  readonly checksum: number;
}

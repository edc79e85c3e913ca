/** Where the answers to an asker's requests go. */
export interface Answers {
  answered(sequence: number, firstByte: number, length: number): void;
  failed(error: unknown): void;
}

/** One end of a connection to an echo server, whatever it speaks. */
export interface Asker {
  /**
   * Sends request `sequence`: 32 bytes of metadata, and 128 of data that begin with the lowest byte of the number. The
   * answer, which is the data, or what went wrong goes to `answers`.
   */
  ask(sequence: number, answers: Answers): void;
  close(): void | Promise<void>;
}

/** @param port of the server on 127.0.0.1; 0 where the asker starts its own thread to ask */
export type OpenAsker = (port: number) => Promise<Asker>;

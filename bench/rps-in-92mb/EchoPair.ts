/** What is put to the test: a client and the server that it asks. */
export interface EchoPair {
  /** Asks so many times and throws unless each answer is right. */
  verify(requests: number): Promise<void>;
  /** Asks for about so long with so many requests in flight; throws if an answer is wrong. */
  round(inFlight: number, milliseconds: number): Promise<EchoRound>;
  /** Ends all of it. */
  close(): Promise<void>;
}

export interface EchoRound {
  /** Requests answered in a second. */
  readonly perSecond: number;
  /** What each process took up right after it, in bytes of RSS, by what it is: `client`, `server`. */
  readonly rssBytes: Readonly<Record<string, number>>;
}

/** One way to ask and answer. */
export interface EchoContender {
  /** Unique in its group. */
  readonly name: string;
  /** Why it can't be measured here: `not installed`. */
  readonly skipped?: string | undefined;
  /** Whether it is what one would use otherwise. */
  readonly isRival?: boolean;
  /** Requests a second that it is to reach with the most in flight. */
  readonly goalPerSecond?: number;
  /** What each of its processes may take up, in MB of RSS. */
  readonly goalMegabytes?: number;
  open(): Promise<EchoPair>;
}

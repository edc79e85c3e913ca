/** What is encoded: one trade at an exchange. */
export interface Tick {
  /** Eight ASCII characters at most. */
  readonly symbol: string;
  /** In cents, from 0 to 2^32 - 1. */
  readonly price: number;
  /** From 0 to 2^32 - 1. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

const SYMBOLS = ['FLY', 'SOCK', 'RING', 'FRAMES'];
const START = 1_700_000_000_000;

/** Enough that no codec gets away with remembering the last one; always the same. */
export const TICKS: readonly Tick[] = Array.from({ length: 256 }, (_, i) => ({
  symbol: SYMBOLS[i % SYMBOLS.length] as string,
  price: 10_000 + ((i * 7919) % 5_000),
  size: 1 + ((i * 31) % 900),
  time: START + i * 17,
}));

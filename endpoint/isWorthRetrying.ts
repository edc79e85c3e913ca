import { RSocketError } from '../flyweight/index.ts';

/** What will be the same the next time: the server's no to this SETUP, and a caller's mistakes. */
const FINAL: ReadonlySet<string> = new Set([
  'ERR_FLYSOCKET_INVALID_SETUP',
  'ERR_FLYSOCKET_UNSUPPORTED_SETUP',
  'ERR_FLYSOCKET_REJECTED_SETUP',
  'ERR_FLYSOCKET_REJECTED_RESUME',
  'ERR_FLYSOCKET_URL',
  'ERR_FLYSOCKET_MIME_TYPE',
  'ERR_FLYSOCKET_FRAME_LIMIT',
  'ERR_FLYSOCKET_KEEP_ALIVE',
  'ERR_FLYSOCKET_LEASE',
]);

/** The default `shouldReconnect`: false for a server that said no to the SETUP and for what is a caller's mistake. */
export function isWorthRetrying(error: unknown): boolean {
  return error === undefined || (error instanceof RSocketError && !FINAL.has(error.code));
}

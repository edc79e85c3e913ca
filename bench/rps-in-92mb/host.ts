/** Where all servers of the bench listen. */
export const HOST = '127.0.0.1';

/** What clients of rsocket-js say in their SETUP, in milliseconds: no keep-alive falls into a run. */
export const KEEP_ALIVE: { readonly keepAlive: number; readonly lifetime: number } = {
  keepAlive: 60_000,
  lifetime: 300_000,
};

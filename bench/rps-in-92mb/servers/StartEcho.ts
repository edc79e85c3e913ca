/**
 * Starts an echo server on 127.0.0.1, which answers each request with its data.
 * @param port to listen on, where a library can't choose one itself
 * @returns the port for its clients
 */
export type StartEcho = (port: number) => Promise<number>;

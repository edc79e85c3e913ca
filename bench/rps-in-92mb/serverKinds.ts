/**
 * Starts an echo server on 127.0.0.1, which answers each request with its data.
 * @param port to listen on, where a library can't choose one itself
 * @returns the port for its clients
 */
export type StartEcho = (port: number) => Promise<number>;

/** How each kind of server is loaded: that one, and no other, so that nothing else is in its process. */
export const serverKinds: Readonly<Record<string, () => Promise<StartEcho>>> = {
  'tcp-low': async () => (await import('./servers/overTcp.ts')).lowLevel,
  'tcp-promises': async () => (await import('./servers/overTcp.ts')).promises,
  'ws-low': async () => (await import('./servers/overWebSocket.ts')).lowLevel,
  'ws-promises': async () => (await import('./servers/overWebSocket.ts')).promises,
  'alpha-tcp': async () => (await import('./servers/alpha.ts')).overTcp,
  'alpha-ws': async () => (await import('./servers/alpha.ts')).overWebSocket,
  'zero-tcp': async () => (await import('./servers/zero.ts')).overTcp,
  'zero-ws': async () => (await import('./servers/zero.ts')).overWebSocket,
  grpc: async () => (await import('./servers/grpc.ts')).grpc,
  fastify: async () => (await import('./servers/http.ts')).fastify,
  express: async () => (await import('./servers/http.ts')).express,
  nats: async () => (await import('./servers/nats.ts')).nats,
};

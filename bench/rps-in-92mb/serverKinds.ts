import type { StartEcho } from './servers/StartEcho.ts';

/** How each kind of server is loaded: that one, and no other, so that nothing else is in its process. */
export const serverKinds: Readonly<Record<string, () => Promise<StartEcho>>> = {
  'tcp-low': async () => (await import('./servers/overTcp.ts')).lowLevel,
  'tcp-promises': async () => (await import('./servers/overTcp.ts')).promises,
  'ws-low': async () => (await import('./servers/overWebSocket.ts')).lowLevel,
  'ws-promises': async () => (await import('./servers/overWebSocket.ts')).promises,
  'alpha-tcp': async () => (await import('./servers/alpha.ts')).overTcp,
  'alpha-ws': async () => (await import('./servers/alpha.ts')).overWebSocket,
  'zero-tcp': async () => (await import('./servers/zero.ts')).overTcp,
  'bare-ws': async () => (await import('./servers/bareWs.ts')).overBareWs,
  'zero-ws': async () => (await import('./servers/zero.ts')).overWebSocket,
  grpc: async () => (await import('./servers/grpc.ts')).grpc,
  fastify: async () => (await import('./servers/http.ts')).fastify,
  express: async () => (await import('./servers/http.ts')).express,
  nats: async () => (await import('./servers/nats.ts')).nats,
};

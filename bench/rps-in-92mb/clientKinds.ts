import type { OpenAsker } from './Asker.ts';

/** How each kind of client is loaded: that one, and no other, so that nothing else is in its process. */
export const clientKinds: Readonly<Record<string, () => Promise<OpenAsker>>> = {
  'threads-low': async () => (await import('./clients/overThreads.ts')).lowLevel,
  'threads-promises': async () => (await import('./clients/overThreads.ts')).promises,
  'post-message': async () => (await import('./clients/postMessage.ts')).postMessage,
  piscina: async () => (await import('./clients/piscina.ts')).piscina,
  'tcp-low': async () => (await import('./clients/overTcp.ts')).lowLevel,
  'tcp-promises': async () => (await import('./clients/overTcp.ts')).promises,
  'alpha-tcp': async () => (await import('./clients/alpha.ts')).overTcp,
  'zero-tcp': async () => (await import('./clients/zero.ts')).overTcp,
  grpc: async () => (await import('./clients/grpc.ts')).grpc,
  http: async () => (await import('./clients/http.ts')).http,
  nats: async () => (await import('./clients/nats.ts')).nats,
  'ws-low': async () => (await import('./clients/overWebSocket.ts')).lowLevel,
  'ws-promises': async () => (await import('./clients/overWebSocket.ts')).promises,
  'alpha-ws': async () => (await import('./clients/alpha.ts')).overWebSocket,
  'bare-ws': async () => (await import('./clients/bareWs.ts')).overBareWs,
  'zero-ws': async () => (await import('./clients/zero.ts')).overWebSocket,
};

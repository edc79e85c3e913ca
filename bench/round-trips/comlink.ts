/** What the benches use of comlink 4.4.2. */
export interface ComlinkModule {
  wrap<Remote>(endpoint: ComlinkEndpoint): Remote;
  expose(target: object, endpoint: ComlinkEndpoint): void;
}

export interface ComlinkEcho {
  answer(bytes: Uint8Array): Promise<Uint8Array>;
}

type Listener = ((event: { data: unknown }) => void) | { handleEvent(event: { data: unknown }): void };

export interface ComlinkEndpoint {
  postMessage(message: unknown, transfer?: unknown): void;
  addEventListener(type: string, listener: Listener): void;
  removeEventListener(type: string, listener: Listener): void;
}

/** What has messages in Node: a worker, or a port. */
interface NodeEndpoint {
  postMessage(message: unknown, transfer?: never): void;
  on(event: 'message', listener: (data: unknown) => void): unknown;
  off(event: 'message', listener: (data: unknown) => void): unknown;
}

/** As comlink's own adapter for Node, which can't be loaded by the package's name. */
export function nodeEndpoint(node: NodeEndpoint): ComlinkEndpoint {
  const listeners = new Map<Listener, (data: unknown) => void>();
  return {
    postMessage: (message, transfer) => node.postMessage(message, transfer as never),
    addEventListener: (_type, listener) => {
      const onMessage = (data: unknown): void =>
        'handleEvent' in listener ? listener.handleEvent({ data }) : listener({ data });
      node.on('message', onMessage);
      listeners.set(listener, onMessage);
    },
    removeEventListener: (_type, listener) => {
      const onMessage = listeners.get(listener);
      if (onMessage !== undefined) node.off('message', onMessage);
      listeners.delete(listener);
    },
  };
}

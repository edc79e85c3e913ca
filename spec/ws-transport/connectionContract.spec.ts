import { BufferPool } from 'flysocket/pool';
import { NodeWebSocketConnection, type WebSocketConstructor } from 'flysocket/ws-transport';
import { suite } from '../support/suite.ts';
import { duplexConnectionKit } from '../tck/duplexConnection.ts';
import { BrowserLikeWebSocket } from './BrowserLikeWebSocket.ts';
import { narrowPipe } from './narrowPipe.ts';
import { webSocketPair } from './webSocketPairs.ts';

/** So that a connection is full after few frames. */
const OPTIONS = { highWaterBytes: 32_768 };
const NOTHING = new Uint8Array(0);

duplexConnectionKit(
  'NodeWebSocketConnection over a narrow pipe',
  async () => {
    const pool = new BufferPool({ tracking: true, label: 'narrow pipe' });
    const [leftSocket, rightSocket] = narrowPipe();
    const left = new NodeWebSocketConnection(leftSocket, NOTHING, true, { pool });
    const right = new NodeWebSocketConnection(rightSocket, NOTHING, false, { pool });
    return {
      left,
      right,
      close: async () => {
        leftSocket.destroy();
        rightSocket.destroy();
        await Promise.all([left.onClose, right.onClose]);
        pool.assertQuiescent();
      },
    };
  },
  { placesFrames: false },
);

duplexConnectionKit(
  'NodeWebSocketConnection over sockets',
  () => webSocketPair(new BufferPool({ tracking: true, label: 'sockets' }), OPTIONS, OPTIONS),
  { placesFrames: false },
);

const webSockets: [string, WebSocketConstructor | undefined][] = [
  ['the one of the ws package', BrowserLikeWebSocket],
  ['the global one', (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket],
];
for (const [name, webSocket] of webSockets) {
  if (webSocket === undefined) {
    const skipped = suite(`WebSocketConnection over ${name}`);
    skipped.skip('this runtime has none');
    skipped.run();
    continue;
  }
  duplexConnectionKit(
    `WebSocketConnection over ${name}`,
    () => webSocketPair(new BufferPool({ tracking: true, label: name }), { ...OPTIONS, webSocket }, OPTIONS),
    { placesFrames: false },
  );
}

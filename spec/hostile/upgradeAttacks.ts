import type { Socket } from 'node:net';
import { getActiveResourcesInfo } from 'node:process';
import * as assert from 'uvu/assert';
import { until } from '../tck/until.ts';
import { Attacker } from './Attacker.ts';
import type { DefineAttack } from './attackTests.ts';
import { upgradeRequest } from './Ground.ts';
import type { Target } from './Target.ts';

const UPGRADE_TIMEOUT_MS = 100;
/** Of Node: what is kept of a request's head. */
const MAX_HEAD_BYTES = 16_384;

/** Requests that do not become a WebSocket, and what is answered. */
const refused: readonly (readonly [request: string, status: string])[] = [
  [upgradeRequest({}, 'POST / HTTP/1.1'), '400'],
  [upgradeRequest({ upgrade: 'h2c' }), '400'],
  [upgradeRequest({ 'sec-websocket-key': '' }), '400'],
  [upgradeRequest({ 'sec-websocket-key': 'short' }), '400'],
  [upgradeRequest({ 'sec-websocket-key': 'x'.repeat(8_000) }), '400'],
  [upgradeRequest({ 'sec-websocket-version': '12' }), '426'],
  [upgradeRequest({ 'sec-websocket-version': '' }), '426'],
  [upgradeRequest({ connection: 'close', upgrade: '' }), '426'],
  [upgradeRequest({ cookie: 'c'.repeat(MAX_HEAD_BYTES) }), '431'],
  ['\u0000\u0001\u0002\u0003\r\n\r\n', '400'],
  ['SSH-2.0-OpenSSH_9.6\r\n\r\n', '400'],
];

/** What a client can do before it is a WebSocket. */
export function upgradeAttacks(attack: DefineAttack): void {
  attack('asks for an upgrade in wrong ways', {}, async (target) => {
    for (const [request, status] of refused) {
      const { answer } = await dial(target, request);
      assert.is((await answer).split(' ')[1], status, request.slice(0, 200));
    }
    assert.equal(target.ends, []);
  });

  const inTime = { upgradeTimeoutMs: UPGRADE_TIMEOUT_MS };
  attack('never ends its request, or never begins it: upgradeTimeoutMs', inTime, async (target) => {
    const begun = [
      '',
      'GET',
      upgradeRequest().slice(0, -2),
      upgradeRequest({ cookie: 'c'.repeat(9_000) }).slice(0, -9),
    ];
    const dialled = await Promise.all(begun.map((bytes) => dial(target, bytes)));
    await Promise.all(dialled.map(({ answer }) => answer));
    await target.assertServed();
  });
}

/** Clients that are beyond `maxConnections`. */
export function crowdAttacks(attack: DefineAttack): void {
  attack('stays, though there is no room for it', { maxConnections: 5 }, async (target) => {
    const before = sockets();
    const count = 100;
    const intruders: Socket[] = [];
    for (let i = 0; i < count; i++) {
      const socket = await Attacker.dial(target.port, true);
      socket.write(upgradeRequest());
      intruders.push(socket);
    }
    await until(() => sockets() - before - intruders.filter(isOpen).length <= 5, 'the server keeps only so many');
    await target.assertServed();
    for (const socket of intruders) socket.destroy();
  });
}

function isOpen(socket: Socket): boolean {
  return !socket.destroyed;
}

/** Connects, and sends `bytes`. `answer` is all that comes until the end. */
async function dial(target: Target, bytes: string): Promise<{ socket: Socket; answer: Promise<string> }> {
  const socket = await Attacker.dial(target.port);
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    // What is refused and kept alive has been answered as well.
    if (text.startsWith('HTTP/1.1 426') && text.includes('\r\n\r\n')) socket.end();
  });
  const answer = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  if (bytes !== '') socket.write(bytes);
  return { socket, answer };
}

function sockets(): number {
  return getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
}

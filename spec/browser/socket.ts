/** The program of a page that calls a server over WebSocket: `call(url)` says what came of it, `end(url)` likewise. */
import { connect } from 'flysocket';
import { RSocketError } from 'flysocket/flyweight';
import { connectWebSocket } from 'flysocket/ws-transport';
import { itemsUpTo, textsOf } from './items.ts';

const LARGE = 300_000;

async function call(url: string): Promise<string[]> {
  const peer = await connectWebSocket(url, {
    setup: { payload: 'let me in' },
    handler: { requestResponse: (payload) => `page: ${payload.dataUtf8()}` },
  });
  const large = new Uint8Array(LARGE).map((_, i) => i);
  const [response, echoed, stream, channel] = await Promise.all([
    peer.requestResponse({ data: 'hello', metadata: 'm' }),
    peer.requestResponse(large),
    textsOf(peer.requestStream('500')),
    textsOf(peer.requestChannel(itemsUpTo(500))),
  ]);
  const isSame = echoed.data.length === LARGE && echoed.data.every((byte, i) => byte === (i & 0xff));
  const back = await peer.requestResponse('call back');
  await peer.close();
  await peer.onClose;
  return [
    `${response.dataUtf8()} ${response.metadataUtf8()}`,
    String(isSame),
    `${stream.length} ${stream.at(-1)}`,
    `${channel.length} ${channel.at(-1)}`,
    back.dataUtf8(),
  ];
}

/** Connects by URL; the server closes. */
async function end(url: string): Promise<string> {
  const peer = await connect(url);
  const answer = await peer.requestResponse('close');
  const error = await peer.onClose;
  return `${answer.dataUtf8()}, ${error === undefined ? 'in order' : error.code}`;
}

/** The code of the failure to connect. */
async function fail(url: string): Promise<string> {
  try {
    await connect(url);
  } catch (error) {
    return error instanceof RSocketError ? error.code : String(error);
  }
  return 'no error';
}

const scenarios: SocketScenarios = { call, end, fail };

export interface SocketScenarios {
  call(url: string): Promise<string[]>;
  end(url: string): Promise<string>;
  fail(url: string): Promise<string>;
}

Object.assign(globalThis, { scenarios });

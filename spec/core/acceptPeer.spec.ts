import { runInNewContext } from 'node:vm';
import { acceptPeer, type RSocketPeer } from 'flysocket/core';
import { FrameFlag, type RSocketError } from 'flysocket/flyweight';
import { InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { HandClock } from '../tck/HandClock.ts';
import { HandCrank } from '../tck/HandCrank.ts';
import { turns } from '../tck/until.ts';
import { RawEnd } from './RawEnd.ts';
import { payload, requestResponse, setup, type WriteFrame } from './rawFrames.ts';

const test = suite('acceptPeer');

test('nothing is asked of a client before it has been let in', async () => {
  const crank = new HandCrank();
  const clock = new HandClock();
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule });
  const raw = new RawEnd(left);
  let letIn = (): void => {};
  const decision = new Promise<void>((resolve) => {
    letIn = resolve;
  });
  let answer: Promise<string> | undefined;
  const accepting = acceptPeer(right, {
    clock,
    responder: async (_setup, peer) => {
      answer = peer.requestResponse('who are you?').then((got) => got.dataUtf8());
      void peer.metadataPush('pushed');
      await decision;
      return {};
    },
  });
  crank.run();
  raw.send(setup());
  crank.run();
  assert.equal(raw.take(), []);
  letIn();
  const peer = await accepting;
  crank.run();
  assert.equal(raw.take(), ['REQUEST_RESPONSE 2 who are you?', 'METADATA_PUSH 0 pushed']);
  raw.send(payload(2, FrameFlag.NEXT | FrameFlag.COMPLETE));
  crank.run();
  assert.is(await answer, 'text');
  peer.destroy();
  crank.run();
  assert.is(clock.timers, 0);
});

/** `acceptPeer` for what `responder` decides, with the frames of a raw client. */
async function accepted(
  responder: Parameters<typeof acceptPeer>[1]['responder'],
  ...frames: WriteFrame[]
): Promise<{ peer: RSocketPeer | undefined; error: unknown; raw: RawEnd; told: number }> {
  const crank = new HandCrank();
  const clock = new HandClock();
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule });
  const raw = new RawEnd(left);
  let told = 0;
  const onAccepted = (): void => {
    told++;
  };
  let error: unknown;
  const peer = acceptPeer(right, { clock, responder, onAccepted }).catch((reason) => {
    error = reason;
    return undefined;
  });
  crank.run();
  for (const frame of frames) raw.send(frame);
  crank.run();
  await turns(2);
  crank.run();
  if (error === undefined) raw.close();
  crank.run();
  const result = { peer: await peer, error, raw, told };
  assert.is(clock.timers, 0);
  return result;
}

test('acceptPeer gives the peer, or what ended the connection before', async () => {
  const noted: string[] = [];
  const ways: Parameters<typeof acceptPeer>[1]['responder'][] = [
    { requestResponse: () => 'one handler' },
    (said) => ({ requestResponse: () => said.dataMimeType }),
    async (said) => ({ requestResponse: () => said.metadataMimeType }),
    () => runInNewContext('Promise.resolve(handler)', { handler: { requestResponse: () => 'another realm' } }),
    undefined,
  ];
  for (const responder of ways) {
    const { peer, raw, told } = await accepted(responder, setup(), requestResponse(1));
    assert.is.not(peer, undefined);
    assert.is(told, 1);
    noted.push(...raw.take());
  }
  assert.equal(noted, [
    'PAYLOAD 1 NC one handler',
    'PAYLOAD 1 NC text/plain',
    'PAYLOAD 1 NC meta/data',
    'PAYLOAD 1 NC another realm',
    'ERROR 1 202 no handler for request-response',
  ]);
  const refused = await accepted(() => Promise.reject(new Error('no')), setup());
  assert.is((refused.error as RSocketError).code, 'ERR_FLYSOCKET_REJECTED_SETUP');
  assert.is(refused.told, 0);
  const invalid = await accepted({}, requestResponse(1));
  assert.is((invalid.error as RSocketError).code, 'ERR_FLYSOCKET_INVALID_SETUP');
});

test('acceptPeer rejects if the connection ends before its SETUP', async () => {
  const crank = new HandCrank();
  const clock = new HandClock();
  const [left, right] = InProcessConnection.pair({ schedule: crank.schedule });
  const peer = acceptPeer(right, { clock, responder: {} });
  left.close();
  crank.run();
  let code = '';
  await peer.catch((reason: RSocketError) => {
    code = reason.code;
  });
  assert.is(code, 'ERR_FLYSOCKET_CONNECTION_CLOSED');
  assert.is(clock.timers, 0);
});

test.run();

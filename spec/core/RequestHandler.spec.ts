import { IgnoringSubscriber, type RequestHandler } from 'flysocket/core';
import { ErrorCode, FrameFlag, RSocketError } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { payloadOf, rawScene } from './RawEnd.ts';
import {
  cancel,
  feed,
  fireAndForget,
  payload,
  requestChannel,
  requestN,
  requestResponse,
  requestStream,
} from './rawFrames.ts';

const test = suite('handlers and subscribers');

const { NEXT, COMPLETE } = FrameFlag;
const BOTH = NEXT | COMPLETE;
const text = payloadOf('text');

test('what a subscriber or handler throws ends its stream, is reported, and hurts no other', () => {
  const thrown = new Error('thrown');
  const fail = (): never => {
    throw thrown;
  };
  const failing = new IgnoringSubscriber();
  failing.onNext = fail;
  failing.onRequestN = fail;
  failing.onCancel = fail;
  const scene = rawScene({
    handler: {
      requestResponse: fail,
      requestStream: () => failing,
      requestChannel: () => failing,
      fireAndForget: fail,
    },
  });
  feed(scene, requestResponse(1), requestStream(3, 1), requestN(3, 1), requestChannel(5, 1), fireAndForget(7));
  scene.peer.request(5, 1);
  feed(scene, payload(5, NEXT), requestStream(9, 1), cancel(9));
  const frames = scene.raw.take().filter((frame) => !frame.startsWith('REQUEST_N'));
  assert.equal(
    frames,
    [1, 3, 5].map((id) => `ERROR ${id} 201 thrown`),
  );
  assert.equal(
    scene.uncaught.splice(0),
    Array.from({ length: 5 }, () => thrown),
  );
  assert.is(scene.peer.openStreams, 0);
  scene.pool.assertQuiescent();
});

test('a subscriber that throws on its answer or at the end is reported', () => {
  const scene = rawScene();
  const failing = new IgnoringSubscriber();
  failing.onComplete = () => {
    throw new Error('on complete');
  };
  failing.onError = () => {
    throw new Error('on error');
  };
  const id = scene.peer.requestResponse(text, failing);
  scene.peer.requestResponse(text, failing);
  scene.peer.requestResponse(text, failing);
  feed(scene, payload(id, BOTH));
  scene.peer.close();
  scene.crank.run();
  assert.equal(
    scene.uncaught.splice(0).map((each) => (each as Error).message),
    ['on complete', 'on error', 'on error'],
  );
  assert.is(scene.peer.openStreams, 0);
  scene.pool.assertQuiescent();
});

test('a handler may answer, fail or close within its call', () => {
  const handler: RequestHandler = {
    requestResponse: (_payload, streamId, peer) => {
      peer.next(streamId, text, true);
      return undefined;
    },
    requestStream: (_payload, _n, streamId, peer) => {
      peer.error(streamId, ErrorCode.CANCELED, 'not today');
      return new IgnoringSubscriber();
    },
    requestChannel: (_payload, _n, streamId, peer) => {
      peer.next(streamId, text, true);
      peer.cancel(streamId);
      return new IgnoringSubscriber();
    },
    fireAndForget: () => scene.peer.close(new RSocketError('ERR_FLYSOCKET_SPEC', 'closed by a handler')),
  };
  const scene = rawScene({ handler });
  feed(scene, requestResponse(1), requestStream(3, 1), requestChannel(5, 1), fireAndForget(7));
  assert.equal(scene.raw.take(), ['PAYLOAD 1 NC text', 'ERROR 3 203 not today', 'PAYLOAD 5 NC text', 'CANCEL 5']);
  assert.is(scene.raw.closedWith[0]?.message, 'closed by a handler');
  assert.is(scene.peer.openStreams, 0);
});

test.run();

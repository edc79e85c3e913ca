import type { EntranceOptions, PeerOptions, RequestHandler, Setup } from 'flysocket/core';
import * as assert from 'uvu/assert';
import { HandClock } from '../tck/HandClock.ts';
import { payloadOf, type RawScene, rawScene } from './RawEnd.ts';
import { feed, setup } from './rawFrames.ts';

export interface ServerScene extends RawScene {
  readonly clock: HandClock;
  /** The SETUPs that were decided about. */
  readonly setups: Setup[];
  /** What reached the handler: `request-response 1`. */
  readonly requests: string[];
  /** How often the client was let in. */
  accepted(): number;
}

type Accept = (setup: Setup, handler: RequestHandler) => RequestHandler | Promise<RequestHandler>;

const answer = payloadOf('answer');

/** A server before a client that is a raw end. Its handler answers each request-response and notes all requests. */
export function serverScene(
  accept: Accept = (_setup, handler) => handler,
  options: Partial<PeerOptions> = {},
  entrance: Partial<EntranceOptions> = {},
): ServerScene {
  const clock = new HandClock();
  const setups: Setup[] = [];
  const requests: string[] = [];
  let accepted = 0;
  const handler: RequestHandler = {
    requestResponse: (_payload, streamId, peer) => {
      requests.push(`request-response ${streamId}`);
      peer.next(streamId, answer, true);
      return undefined;
    },
    fireAndForget: () => {
      requests.push('fire-and-forget');
    },
    requestStream: (_payload, n, streamId) => {
      requests.push(`request-stream ${streamId} ${n}`);
      return undefined;
    },
    metadataPush: (payload) => {
      requests.push(`metadata-push ${payload.metadataUtf8()}`);
    },
  };
  const scene = rawScene({
    clock,
    ...options,
    entrance: {
      accept: (asked) => {
        setups.push(asked);
        return accept(asked, handler);
      },
      onAccepted: () => {
        accepted++;
      },
      ...entrance,
    },
  });
  return { ...scene, clock, setups, requests, accepted: () => accepted };
}

/** A server that has let its client in. */
export function openServer(options: Partial<PeerOptions> = {}): ServerScene {
  const scene = serverScene(undefined, options);
  feed(scene, setup(options.lease === undefined ? {} : { lease: true }));
  return scene;
}

/** Ends the connection, after which nothing may be left: no byte, no timer, no error that nobody got. */
export function assertEnds({ crank, peer, pool, uncaught, clock }: RawScene & { readonly clock: HandClock }): void {
  peer.close();
  crank.run();
  assert.is(peer.openStreams + peer.queuedBytes + peer.reassemblingBytes, 0);
  pool.assertQuiescent();
  assert.equal(uncaught, []);
  assert.is(clock.timers, 0);
}

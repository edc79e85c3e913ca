/**
 * One service in a thread of its own. Whom it asks it is introduced to: the links between services go from thread to
 * thread.
 */
import { workerData } from 'node:worker_threads';
import type { Handler, RSocket } from 'flysocket';
import { acceptParent, type IntroducedPeerOptions } from 'flysocket/shm-transport';
import type { AirlineServices, ServiceName } from '../airline/AirlineServices.ts';
import { newService, SERVICES } from '../airline/newService.ts';
import { loadTokens } from '../airline/tokens.ts';
import { type CodecName, loadCodec } from '../wire/codecs.ts';
import { handlerOf, serviceOf, setupOf } from '../wire/rsocket.ts';
import type { AirlineOptions } from './Way.ts';

export interface ServiceThreadData extends AirlineOptions {
  readonly service: ServiceName;
  readonly codec: CodecName;
}

const { service, codec: codecName, today, tokenLibrary, secret } = workerData as ServiceThreadData;
const codec = await loadCodec(codecName);
const tokens = await loadTokens(tokenLibrary, secret);

const others: Partial<Record<ServiceName, unknown>> = {};
let handler: Handler = {};
const answer: Handler = {
  requestResponse: (payload, context) =>
    (handler.requestResponse as Required<Handler>['requestResponse'])(payload, context),
};

/** @param name of the new link: who asks, then who answers */
function onIntroduction(name: string): IntroducedPeerOptions {
  const [asker, asked] = name.split(' ') as [ServiceName, ServiceName];
  const onPeer = (peer: RSocket): void => {
    if (asker === service) meet(asked, peer);
  };
  return { handler: answer, setup: setupOf(codec), onPeer };
}

function meet(other: ServiceName, peer: RSocket): void {
  others[other] = serviceOf(other, peer, codec);
  beginIfComplete();
}

function beginIfComplete(): void {
  if (SERVICES[service].some((other) => others[other] === undefined)) return;
  handler = handlerOf(service, newService(service, tokens, today, others as Partial<AirlineServices>), codec);
}

beginIfComplete();
await acceptParent({ handler: answer, onIntroduction });

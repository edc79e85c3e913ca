/** What our servers answer: the request's data, on either level. */
import type { Handler, RequestHandler, ZeroCopyRSocket } from 'flysocket/core';
import { PayloadFlyweight } from 'flysocket/flyweight';

const answer = new PayloadFlyweight();

/** From the very bytes that arrived. */
export const requestHandler: RequestHandler = {
  requestResponse(payload: PayloadFlyweight, streamId: number, peer: ZeroCopyRSocket): undefined {
    answer.wrapData(payload.dataBuffer, payload.dataOffset, payload.dataLength);
    peer.next(streamId, answer, true);
  },
};

export const handler: Handler = { requestResponse: ({ data }) => data };

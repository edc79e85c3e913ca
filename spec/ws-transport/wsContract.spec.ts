import { duplexConnectionKit } from '../tck/duplexConnection.ts';
import { transportContract } from '../tck/transportContract.ts';
import { connectionsOverWs, wsPair } from './wsPairs.ts';

/** So that a connection is full after few frames. */
const OPTIONS = { highWaterBytes: 32_768 };

duplexConnectionKit('WsConnection', () => wsPair(OPTIONS, OPTIONS));
transportContract('the ws package', connectionsOverWs, ['plain']);

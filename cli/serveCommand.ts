import type { Responder, RSocketPeer } from '../core/index.ts';
import { type ServeOptions, type Server, serve } from '../endpoint/index.ts';
import type { Arguments } from './Arguments.ts';
import type { Command } from './Command.ts';
import { describeError } from './describeError.ts';
import { EventLog } from './EventLog.ts';
import type { Host } from './Host.ts';
import { SERVE_DEADLINE_MS } from './limits.ts';
import { ReferenceResponder } from './ReferenceResponder.ts';
import { ServeStatistics } from './ServeStatistics.ts';
import { SERVE_OPTIONS, serveOptions, serveUrls } from './serveOptions.ts';
import { toldToEnd } from './toldToEnd.ts';
import { UsageError } from './UsageError.ts';

const NOTES = `request-response   "stats": counters as JSON; "error:TEXT": an error with TEXT; else an echo
request-stream     a decimal number N: the items 0 to N-1; else one item, an echo
request-channel    an echo of each item
fire-and-forget, metadata push: counted`;

/** `flysocket serve`: the reference responder, until it is told to end. */
export const serveCommand: Command = {
  name: 'serve',
  operands: '',
  summary: 'Serve a reference responder.',
  options: SERVE_OPTIONS,
  notes: NOTES,
  run,
};

async function run(args: Arguments, host: Host): Promise<number> {
  const [surplus] = args.operands;
  if (surplus !== undefined) throw new UsageError(`addresses are options: what is "${surplus}"?`);
  const log = new EventLog(host);
  const deadlineMs = args.milliseconds('deadline') ?? SERVE_DEADLINE_MS;
  const urls = serveUrls(args);
  const statistics = new ServeStatistics();
  const servers: Server[] = [];
  // Who answers is on the low level; this is told who asks, before anything is asked.
  const responder: Responder = (_setup, peer) => {
    statistics.add(peer as RSocketPeer);
    return {};
  };
  const requestHandler = new ReferenceResponder(statistics, () => JSON.stringify(statistics.describe(host)));
  const options: ServeOptions = {
    ...serveOptions(args),
    requestHandler,
    ...(args.has('verbose') ? toldToLog(log) : {}),
  };
  const ending = toldToEnd(host);
  try {
    for (const url of urls) {
      const server = await serve(url, responder, options);
      servers.push(server);
      log.tell('listening', { url: server.url }, `listening on ${server.url}`);
    }
  } catch (error) {
    await closeAll(servers, 0);
    ending.forget();
    throw error;
  }
  const signal = await ending.signal;
  log.tell('closing', { signal, deadlineMs }, `${signal}: closing, at most ${deadlineMs} ms`);
  await closeAll(servers, deadlineMs);
  ending.forget();
  log.tell('closed', { ...statistics }, 'closed');
  return 0;
}

function toldToLog(log: EventLog): Pick<ServeOptions, 'onPeer' | 'onRefused'> {
  return {
    onPeer: (peer) => {
      log.tell('connected', {}, 'a client has connected');
      peer.onClose.then((error) => {
        const reason = error === undefined ? undefined : describeError(error);
        log.tell('disconnected', { reason }, `a client has gone${reason === undefined ? '' : `: ${reason}`}`);
      });
    },
    onRefused: (error) => log.tell('refused', { reason: describeError(error) }, `refused: ${describeError(error)}`),
  };
}

async function closeAll(servers: readonly Server[], deadlineMs: number): Promise<void> {
  await Promise.all(servers.map((server) => server.close({ deadlineMs })));
}

import { connect, type RSocketPeer } from '../endpoint/index.ts';
import type { Arguments } from './Arguments.ts';
import type { Command } from './Command.ts';
import { CLIENT_OPTIONS, clientOptions } from './clientOptions.ts';
import { EventLog } from './EventLog.ts';
import type { Host } from './Host.ts';
import { LiveLine } from './LiveLine.ts';
import type { LoadPlan } from './LoadPlan.ts';
import { LoadRun } from './LoadRun.ts';
import { LOAD_DRAIN_TIMEOUT_MS, MAX_INPUT_BYTES, MAX_LOAD_CONCURRENCY, MAX_LOAD_CONNECTIONS } from './limits.ts';
import { loadProgress, loadReport, loadReportText } from './loadReport.ts';
import { Style } from './Style.ts';
import { toldToEnd } from './toldToEnd.ts';
import { UsageError } from './UsageError.ts';

const CONCURRENCY = 16;
const SECONDS = 10;
const SIZE_BYTES = 32;

const NOTES = `The peer echoes, as flysocket serve does; every answer is checked.

Without --rate each answer begins the next request. With --rate requests begin by the clock, and latency counts from
the moment at which a request was to begin, also if it had to wait.`;

/** `flysocket load`: many requests, and how long they took. */
export const loadCommand: Command = {
  name: 'load',
  operands: 'URL',
  summary: 'Put load on a peer, and tell throughput and latencies.',
  options: [
    { name: 'concurrency', short: 'c', value: 'N', help: `requests in flight at once (default: ${CONCURRENCY})` },
    { name: 'connections', value: 'N', help: 'connections that they are spread over (default: 1)' },
    { name: 'requests', value: 'N', help: 'end after so many' },
    { name: 'seconds', value: 'S', help: `end after so long (default, without --requests: ${SECONDS})` },
    { name: 'warmup', value: 'S', help: 'time before that which is not measured (default: 0)' },
    { name: 'rate', value: 'R', help: 'requests a second, begun by the clock' },
    { name: 'size', value: 'BYTES', help: `data of a request (default: ${SIZE_BYTES})` },
    { name: 'stream', value: 'N', help: 'ask for streams of N items, not for answers' },
    { name: 'json', help: 'print the summary as JSON, on a terminal too' },
    ...CLIENT_OPTIONS,
  ],
  notes: NOTES,
  run,
};

async function run(args: Arguments, host: Host): Promise<number> {
  const url = args.operand('the URL of a peer');
  const plan = planOf(args);
  const log = new EventLog(host, args.has('json'));
  const connections = args.integer('connections', 1, MAX_LOAD_CONNECTIONS) ?? 1;
  const options = clientOptions(args, url);
  const peers: RSocketPeer[] = [];
  const ending = toldToEnd(host);
  try {
    for (let i = 0; i < Math.min(connections, plan.concurrency); i++) peers.push(await connect(url, options));
    const zeroCopy = peers.map((peer) => peer.zeroCopy);
    const load = new LoadRun(zeroCopy, plan);
    ending.signal.then(() => load.stop());
    const startMs = performance.now();
    const line = new LiveLine(host, log.isTerminal, () =>
      loadProgress(load.result, (performance.now() - startMs) / 1_000, load.inFlight),
    );
    const result = await load.run();
    line.end();
    const text = loadReportText(result, plan, new Style(host.stdout, host.env)).trimEnd();
    log.tell('load', { url, ...loadReport(result, plan) }, text);
    return result.failed === 0 && result.completed > 0 ? 0 : 1;
  } finally {
    ending.forget();
    await Promise.all(peers.map((peer) => peer.close({ deadlineMs: 0 })));
  }
}

function planOf(args: Arguments): LoadPlan {
  const requests = args.integer('requests', 1);
  const seconds = args.positive('seconds') ?? (requests === undefined ? SECONDS : undefined);
  if (args.has('stream') && args.has('size')) throw new UsageError('--size is of request-response, not of --stream');
  return {
    concurrency: args.integer('concurrency', 1, MAX_LOAD_CONCURRENCY) ?? CONCURRENCY,
    requests,
    durationMs: seconds === undefined ? undefined : seconds * 1_000,
    warmupMs: (args.positive('warmup') ?? 0) * 1_000,
    rate: args.positive('rate'),
    size: args.bytes('size', 0, MAX_INPUT_BYTES) ?? SIZE_BYTES,
    streamItems: args.integer('stream'),
    drainTimeoutMs: LOAD_DRAIN_TIMEOUT_MS,
  };
}

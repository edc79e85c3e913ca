/** One line of the table in the README: what it is like, here and otherwise. */
export interface Headline {
  readonly label: string;
  readonly group: string;
  readonly ours: string;
  readonly theirs: string;
  /** How theirs is called. */
  readonly otherwise: string;
}

const ALPHA = 'rsocket-core 1.0 alpha';
const RIVAL_POOL = 'piscina, atomics sync';

/** Of the record, in the order of the table. */
export const headlines: readonly Headline[] = [
  {
    label: 'encode REQUEST_RESPONSE, 32 + 128 B',
    group: 'codec/encode REQUEST_RESPONSE 32+128 B',
    ours: 'flysocket',
    theirs: 'rsocket-core 1.0.0-alpha.3',
    otherwise: ALPHA,
  },
  {
    label: 'encode REQUEST_RESPONSE, 32 + 128 B',
    group: 'codec/encode REQUEST_RESPONSE 32+128 B',
    ours: 'flysocket',
    theirs: 'JSON to Buffer',
    otherwise: 'JSON',
  },
  {
    label: 'decode REQUEST_RESPONSE, 32 + 128 B',
    group: 'codec/decode REQUEST_RESPONSE 32+128 B',
    ours: 'flysocket',
    theirs: 'rsocket-core 1.0.0-alpha.3',
    otherwise: ALPHA,
  },
  {
    label: 'encode PAYLOAD, 1 KiB, into pooled memory',
    group: 'codec/encode PAYLOAD 1 KiB',
    ours: 'flysocket, into a pooled slab',
    theirs: 'rsocket-core 1.0.0-alpha.3',
    otherwise: ALPHA,
  },
  {
    label: 'encode PAYLOAD, 1 KiB, into a ring',
    group: 'codec/encode PAYLOAD 1 KiB',
    ours: 'flysocket, into a ring',
    theirs: 'rsocket-core 1.0.0-alpha.3',
    otherwise: ALPHA,
  },
  ...['64 B', '1 KiB', '64 KiB'].map((size) => ({
    label: `one way between threads, ${size}`,
    group: `ring/one-way ${size}`,
    ours: 'flysocket',
    theirs: 'postMessage',
    otherwise: 'postMessage',
  })),
  ...['awake', 'asleep'].map((state) => ({
    label: `round trip, both ${state}`,
    group: `ring/round trip ${state} 64 B`,
    ours: 'flysocket',
    theirs: 'postMessage',
    otherwise: 'postMessage',
  })),
  {
    label: 'request-response, 256 in flight, low level',
    group: 'request-response/256 in flight 32+128 B',
    ours: 'flysocket low level',
    theirs: 'postMessage',
    otherwise: 'postMessage',
  },
  {
    label: 'request-response, 256 in flight, low level',
    group: 'request-response/256 in flight 32+128 B',
    ours: 'flysocket low level',
    theirs: 'piscina',
    otherwise: 'piscina, as it comes',
  },
  {
    label: 'request-response, 256 in flight, promises',
    group: 'request-response/256 in flight 32+128 B',
    ours: 'flysocket Promises',
    theirs: 'postMessage',
    otherwise: 'postMessage',
  },
  {
    label: 'request-response, 1 in flight, low level',
    group: 'request-response/1 in flight 32+128 B',
    ours: 'flysocket low level',
    theirs: 'postMessage',
    otherwise: 'postMessage',
  },
  ...[
    ['rsocket 0.0.27', 'rsocket 0.0.27'],
    ['rsocket 1.0.0-alpha.3', 'rsocket 1.0 alpha'],
    ['@grpc/grpc-js', 'gRPC'],
  ].map(([theirs = '', otherwise = '']) => ({
    label: 'TCP request-response, 256 in flight, low level',
    group: 'tcp/256 in flight 32+128 B',
    ours: 'flysocket low level',
    theirs,
    otherwise,
  })),
  {
    label: 'TCP request-response, 16 in flight, low level',
    group: 'tcp/16 in flight 32+128 B',
    ours: 'flysocket low level',
    theirs: 'rsocket 0.0.27',
    otherwise: 'rsocket 0.0.27',
  },
  {
    label: 'items of a stream over TCP, 128 B',
    group: 'tcp/stream items 128 B',
    ours: 'flysocket low level',
    theirs: 'rsocket 1.0.0-alpha.3',
    otherwise: 'rsocket 1.0 alpha',
  },
  {
    label: 'WebSocket request-response, 256 in flight',
    group: 'ws/256 in flight 32+128 B',
    ours: 'flysocket low level',
    theirs: 'rsocket 0.0.27',
    otherwise: 'rsocket 0.0.27',
  },
  ...[
    ['`WorkerPool.run`, bytes, 256 in flight', 'workers/run 256 in flight, 32+128 B'],
    ['`WorkerPool.run`, a small object, 256 in flight', 'workers/run 256 in flight, a small object'],
    ['`WorkerPool.run`, bytes, 1 in flight', 'workers/run 1 in flight, 32+128 B'],
  ].map(([label = '', group = '']) => ({
    label,
    group,
    ours: 'WorkerPool',
    theirs: RIVAL_POOL,
    otherwise: 'piscina 5, atomics',
  })),
  {
    label: "items of a worker's stream, 64 B, in arrays",
    group: 'workers/stream of 64 B items',
    ours: 'WorkerPool, in arrays',
    theirs: 'MessagePort, acknowledged',
    otherwise: '`MessagePort`',
  },
  {
    label: '1 MiB there and back, by reference',
    group: 'by-reference/1 MiB there and back',
    ours: 'flysocket in place',
    theirs: 'postMessage transfer',
    otherwise: 'postMessage, transferred',
  },
  ...[
    ['rsocket-core 1.0 alpha on our rings, 16 in flight', 'compat/alpha.3 between threads, 16 in flight', 'rings'],
    ['rsocket-core 0.0.27 on our rings, 256 in flight', 'compat/0.0.27 between threads, 256 in flight', 'rings'],
    ['rsocket-core 1.0 alpha on our TCP, 16 in flight', 'compat/alpha.3 between processes, 16 in flight', 'TCP'],
  ].map(([label = '', group = '', transport = '']) => ({
    label,
    group,
    ours: `on flysocket, ${transport}`,
    theirs: 'on its own TCP',
    otherwise: 'its own TCP',
  })),
  ...['flysocket TCP, JSON', 'flysocket threads, JSON'].map((ours) => ({
    label: `an airline of services, 60 users, ${ours.includes('TCP') ? 'TCP' : 'threads'}`,
    group: 'acme-air',
    ours: `${ours}, 60 users`,
    theirs: 'HTTP/JSON, 60 users',
    otherwise: 'HTTP and JSON',
  })),
];

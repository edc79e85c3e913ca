import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { bytesOf, type FrameVector, flagsOf, frameVectors, typeOf } from '../vectors/frameVectors.ts';
import { CaptureFile } from './CaptureFile.ts';
import type { DissectedFrame } from './DissectedFrame.ts';
import { dissect, hasTshark } from './dissect.ts';
import { bytesOfHex, COMPOSITE_METADATA, counted, entry, hexOf, prefixed, setupFrame } from './frames.ts';
import { webSocketMessage, webSocketUpgrade } from './webSocketMessage.ts';

const test = suite('Wireshark dissector');

const TIMEOUT_MS = 60_000;
const MASK = [0x12, 0x34, 0xab, 0xcd] as const;

/** The dissector's names of a vector's fields. Metadata and data are looked at by themselves. */
const FIELDS: Readonly<Record<string, string>> = {
  'SETUP.majorVersion': 'rsocket.setup.major_version',
  'SETUP.minorVersion': 'rsocket.setup.minor_version',
  'SETUP.keepAliveIntervalMs': 'rsocket.setup.keepalive_interval',
  'SETUP.maxLifetimeMs': 'rsocket.setup.max_lifetime',
  'SETUP.resumeToken': 'rsocket.setup.resume_token',
  'SETUP.metadataMimeType': 'rsocket.setup.metadata_mime',
  'SETUP.dataMimeType': 'rsocket.setup.data_mime',
  'LEASE.timeToLiveMs': 'rsocket.lease.ttl',
  'LEASE.numberOfRequests': 'rsocket.lease.requests',
  'KEEPALIVE.lastReceivedPosition': 'rsocket.keepalive.position',
  'REQUEST_STREAM.initialRequestN': 'rsocket.request_n',
  'REQUEST_CHANNEL.initialRequestN': 'rsocket.request_n',
  'REQUEST_N.requestN': 'rsocket.request_n',
  'ERROR.errorCode': 'rsocket.error.code',
  'RESUME.majorVersion': 'rsocket.resume.major_version',
  'RESUME.minorVersion': 'rsocket.resume.minor_version',
  'RESUME.resumeToken': 'rsocket.resume.token',
  'RESUME.lastReceivedServerPosition': 'rsocket.resume.last_received_server_position',
  'RESUME.firstAvailableClientPosition': 'rsocket.resume.first_available_client_position',
  'RESUME_OK.lastReceivedClientPosition': 'rsocket.resume.last_received_client_position',
  'EXT.extendedType': 'rsocket.ext.type',
  'EXT.extendedData': 'rsocket.ext.data',
};
const BYTES = new Set(['rsocket.setup.resume_token', 'rsocket.resume.token', 'rsocket.ext.data']);

type Check = (frames: readonly DissectedFrame[]) => void;

/** What is put into the capture, and what the dissector has to make of it: tshark runs once for all of them. */
interface Scenario {
  readonly name: string;
  readonly put: (capture: CaptureFile) => Check;
}

const GOLDEN_PACKETS = frameVectors.map(bytesOf).map(prefixed);
const GOLDEN_BYTES = Buffer.concat(GOLDEN_PACKETS);

function checkVector(vector: FrameVector, frame: DissectedFrame): void {
  assert.is(Number(frame.one('rsocket.stream_id')), vector.streamId);
  assert.is(Number(frame.one('rsocket.type')), typeOf(vector));
  assert.is(Number(frame.one('rsocket.flags')), flagsOf(vector));
  for (const [name, value] of Object.entries(vector.fields)) {
    const field = FIELDS[`${vector.type}.${name}`];
    if (name === 'data' || name === 'metadata') checkContent(frame, name, value as string | null);
    else if (field === undefined) assert.unreachable(`no field for ${vector.type}.${name}`);
    else if (value === null) assert.is(frame.one(field), undefined, field);
    else if (typeof value === 'number') assert.is(Number(frame.one(field)), value, field);
    else assert.is(BYTES.has(field) ? frame.textOf(field) : frame.one(field), value, field);
  }
  if (vector.oddity !== undefined) return;
  const flags = frame.names().filter((name) => /^rsocket\.flags\./.test(name) && frame.isSet(name));
  assert.equal(flags.sort(), vector.flags.map((flag) => `rsocket.flags.${flag.toLowerCase()}`).sort());
  const complaints = frame.names().filter((name) => /^_ws\.(expert|malformed)/.test(name));
  assert.is(complaints.length > 0, vector.type === 'ERROR', complaints.join());
}

function checkContent(frame: DissectedFrame, name: string, value: string | null): void {
  const length = value === null ? undefined : String(Buffer.byteLength(value));
  assert.is(frame.one(`rsocket.${name}_length`), length, `length of ${name}`);
  const shown = value === null || value === '' ? undefined : value;
  assert.is(frame.textOf(`rsocket.${name}`), shown, name);
  assert.is(frame.one(`rsocket.${name}.text`), shown, `text of ${name}`);
}

/** What the golden frames have to look like, in whatever way they came. */
function checkGolden(frames: readonly DissectedFrame[], vectors: readonly FrameVector[] = frameVectors): void {
  assert.is(frames.length, vectors.length);
  vectors.forEach((vector, index) => {
    try {
      checkVector(vector, frames[index] as DissectedFrame);
    } catch (cause) {
      throw new Error(`${vector.name}: ${(cause as Error).message}`, { cause });
    }
  });
}

function upgraded(capture: CaptureFile, port: number): ReturnType<CaptureFile['connect']> {
  const connection = capture.connect(port);
  connection.fromClient(webSocketUpgrade.request);
  connection.fromServer(webSocketUpgrade.response);
  return connection;
}

const scenarios: readonly Scenario[] = [
  {
    name: 'every golden frame, one a segment',
    put: (capture) => {
      const connection = capture.connect(7878);
      for (const packet of GOLDEN_PACKETS) connection.fromClient(packet);
      connection.end();
      return (frames) => {
        checkGolden(frames);
        assert.equal(
          frames.map((frame) => Number(frame.one('rsocket.frame_length'))),
          frameVectors.map((vector) => bytesOf(vector).length),
        );
      };
    },
  },
  {
    name: 'frames glued together and cut anywhere, on a port it was not told',
    put: (capture) => {
      const connection = capture.connect(9123);
      const cuts = [0, 100, 101, 700, GOLDEN_BYTES.length];
      cuts.forEach((cut, index) => void connection.fromClient(GOLDEN_BYTES.subarray(cut, cuts[index + 1])));
      return checkGolden;
    },
  },
  {
    name: 'frames split over segments at every byte',
    put: (capture) => {
      const connection = capture.connect(7000);
      for (const byte of GOLDEN_BYTES) connection.fromClient(Uint8Array.of(byte));
      return checkGolden;
    },
  },
  {
    name: 'masked WebSocket messages of a client',
    put: (capture) => {
      const connection = upgraded(capture, 8080);
      for (const vector of frameVectors) connection.fromClient(webSocketMessage(bytesOf(vector), MASK));
      return checkGolden;
    },
  },
  {
    name: 'WebSocket messages of a server, several a segment',
    put: (capture) => {
      const connection = upgraded(capture, 8081);
      connection.fromClient(webSocketMessage(setupFrame('text/plain'), MASK));
      const vectors = frameVectors.filter(({ type }) => type !== 'SETUP' && type !== 'RESUME');
      connection.fromServer(Buffer.concat(vectors.map((vector) => webSocketMessage(bytesOf(vector)))));
      return (frames) => checkGolden(frames.slice(1), vectors);
    },
  },
  {
    name: 'WebSocket on a port that is one of RSocket over TCP',
    put: (capture) => {
      upgraded(capture, 7878).fromClient(webSocketMessage(setupFrame('text/plain'), MASK));
      return ([frame, ...more]) => {
        assert.is(frame?.one('rsocket.setup.metadata_mime'), 'text/plain');
        assert.is(more.length, 0);
      };
    },
  },
  {
    name: 'composite metadata and what it is made of',
    put: (capture) => {
      const connection = capture.connect(9124);
      const simple = entry(0x7c, `80${counted(2, hexOf('ada'))}${hexOf('sécret')}`);
      connection.fromClient(prefixed(setupFrame(COMPOSITE_METADATA, undefined, simple)));
      const entries = [
        entry(0x7e, counted(1, hexOf('store.orders')) + counted(1, hexOf('v=2'))),
        entry(0x7c, `81${hexOf('t0ken')}`),
        entry(0x7c, `03${hexOf('hmac')}beef`),
        entry(0x7d, `ac${'01'.repeat(16)}${'02'.repeat(8)}${'03'.repeat(8)}`),
        entry(0x7a, '85'),
        entry(0x7b, `a108${hexOf('text/note')}`),
        `0a${hexOf('text/x.note')}${counted(3, hexOf('a note'))}`,
      ];
      connection.fromClient(prefixed(bytesOfHex(`00000001 1100 ${counted(3, entries.join(''))} 00ff`)));
      connection.fromServer(prefixed(bytesOfHex(`00000000 3100 ${entries[0]}`)));
      connection.fromClient(prefixed(bytesOfHex(`00000003 1100 ${counted(3, 'fe0000ff01')}`)));
      return checkComposite;
    },
  },
  {
    name: 'composite metadata where the SETUP was not captured',
    put: (capture) => {
      const metadata = entry(0x7e, counted(1, hexOf('log')));
      capture.connect(7878).fromClient(prefixed(bytesOfHex(`00000001 1500 ${counted(3, metadata)}`)));
      return ([frame]) => assert.is(frame?.one('rsocket.route'), 'log');
    },
  },
  {
    name: 'metadata of one type',
    put: (capture) => {
      const connection = capture.connect(7878);
      connection.fromClient(prefixed(setupFrame('message/x.rsocket.routing.v0')));
      connection.fromClient(prefixed(bytesOfHex(`00000001 1500 ${counted(3, counted(1, hexOf('log')))}`)));
      return ([, frame]) => assert.is(frame?.one('rsocket.route'), 'log');
    },
  },
  {
    name: 'what answers what, also after the connection was resumed',
    put: (capture) => {
      const token = '0badcafe';
      const connection = capture.connect(7878);
      connection.fromClient(prefixed(setupFrame('text/plain', token)));
      connection.fromClient(prefixed(bytesOfHex('00000001 1000 61')));
      connection.fromClient(prefixed(bytesOfHex('00000003 1800 00000001 62')));
      connection.fromServer(prefixed(bytesOfHex('00000002 1000 63')));
      capture.wait(250);
      connection.fromServer(prefixed(bytesOfHex('00000003 2820 64')));
      const fragments = ['00000001 29a0 000002 0161', '00000001 29e0 000002 6c6c 6f'].map(bytesOfHex);
      connection.fromServer(Buffer.concat(fragments.map(prefixed)));
      connection.fromClient(prefixed(bytesOfHex('00000002 2c00 00000202 6e6f')));
      connection.end();
      const resumed = capture.connect(7878);
      resumed.fromClient(prefixed(bytesOfHex(`00000000 3400 00010000 ${counted(2, token)} ${'00'.repeat(16)}`)));
      resumed.fromServer(prefixed(bytesOfHex('00000003 2840')));
      return checkAnswers;
    },
  },
];

function checkComposite(frames: readonly DissectedFrame[]): void {
  const [setup, request, push, broken] = frames as [DissectedFrame, DissectedFrame, DissectedFrame, DissectedFrame];
  assert.is(setup.one('rsocket.auth.type'), 'simple');
  assert.is(setup.one('rsocket.auth.username'), 'ada');
  assert.is(setup.one('rsocket.auth.password'), 'sécret');
  assert.equal(request.all('rsocket.composite.mime'), [
    'message/x.rsocket.routing.v0',
    'message/x.rsocket.authentication.v0',
    'message/x.rsocket.authentication.v0',
    'message/x.rsocket.tracing-zipkin.v0',
    'message/x.rsocket.mime-type.v0',
    'message/x.rsocket.accept-mime-types.v0',
    'text/x.note',
  ]);
  assert.is(request.one('rsocket.route'), 'store.orders');
  assert.equal(request.all('rsocket.routing.tag'), ['store.orders', 'v=2']);
  assert.equal(request.all('rsocket.auth.type'), ['bearer', 'hmac']);
  assert.is(request.one('rsocket.auth.token'), 't0ken');
  assert.is(request.one('rsocket.auth.payload'), 'be:ef');
  assert.is(request.one('rsocket.tracing.trace_id'), Array(16).fill('01').join(':'));
  assert.is(request.one('rsocket.tracing.span_id'), Array(8).fill('02').join(':'));
  assert.is(request.one('rsocket.tracing.parent_id'), Array(8).fill('03').join(':'));
  assert.is(request.isSet('rsocket.tracing.flags.sampled'), true);
  assert.is(request.isSet('rsocket.tracing.flags.debug'), false);
  assert.equal(request.all('rsocket.mime'), ['application/json', 'text/plain', 'text/note']);
  assert.is(request.one('rsocket.composite.text'), 'a note');
  assert.is(request.one('rsocket.data'), '00:ff');
  assert.is(request.one('rsocket.data.text'), undefined);
  assert.is(push.one('rsocket.route'), 'store.orders');
  assert.ok(broken.names().includes('rsocket.bad_metadata'));
}

function checkAnswers(frames: readonly DissectedFrame[]): void {
  assert.is(frames.length, 10);
  const packets = frames.map(({ packet }) => String(packet));
  const column = (field: string): (number | undefined)[] =>
    frames.map((frame) => (frame.one(field) === undefined ? undefined : packets.indexOf(frame.one(field) as string)));
  const none = undefined;
  assert.equal(column('rsocket.response_in'), [none, 5, 4, 7, none, none, none, none, none, none]);
  assert.equal(column('rsocket.request_in'), [none, none, none, none, 2, 1, 1, 3, none, 2]);
  assert.is(Number(frames[4]?.one('rsocket.time')).toFixed(3), '0.252');
  assert.equal(
    frames.flatMap((frame, index) => (frame.one('rsocket.continuation') === undefined ? [] : [index])),
    [6],
  );
}

if (hasTshark) {
  const capture = new CaptureFile();
  const planned = scenarios.map(({ name, put }) => {
    const first = capture.packetCount + 1;
    const check = put(capture);
    return { name, check, first, last: capture.packetCount };
  });
  let frames: readonly DissectedFrame[] = [];
  test.before(() => {
    frames = dissect(capture);
  });
  for (const { name, check, first, last } of planned)
    test(`shows ${name}`, () => check(frames.filter(({ packet }) => packet >= first && packet <= last)), {
      timeoutMs: TIMEOUT_MS,
    });
} else {
  test.skip('tshark is needed', () => {});
}

test.run();

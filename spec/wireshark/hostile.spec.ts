import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { bytesOf, frameVectors } from '../vectors/frameVectors.ts';
import { CaptureFile } from './CaptureFile.ts';
import { hasTshark, tshark } from './dissect.ts';
import { bytesOfHex, COMPOSITE_METADATA, prefixed, setupFrame } from './frames.ts';
import { webSocketMessage, webSocketUpgrade } from './webSocketMessage.ts';

const test = suite('Wireshark dissector, hostile bytes');

const TIMEOUT_MS = 60_000;
const MASK = [0x12, 0x34, 0xab, 0xcd] as const;

/** A frame that breaks one rule, and what the dissector says of it. */
const WRONG: readonly (readonly [hex: string, complaint: string])[] = [
  ['00000001 1100 000005 61', 'Metadata: 5 bytes wanted, 1 left'],
  ['00000001 20', 'Type and flags: 2 bytes wanted, 1 left'],
  ['00000001 0c80 0000000000000000', 'KEEPALIVE belongs on stream 0'],
  ['00000000 2000 00000001', 'REQUEST_N does not belong on stream 0'],
  ['00000001 2000 00000000', 'Request N is zero, must be positive'],
  ['00000001 2000 80000001', 'Request N: reserved bit set'],
  ['00000001 2800', 'PAYLOAD that is neither next nor complete'],
  ['00000001 2400 00', 'Bytes behind the last field'],
  ['00000001 4400', 'Unknown frame type'],
];

interface Line {
  readonly info: string;
  readonly expert: string;
}

const capture = new CaptureFile();
let lines: readonly Line[] = [];

function lineOf(packet: number): Line {
  return lines[packet - 1] as Line;
}

/** A generator of pseudo-random numbers (mulberry32), the same ones in every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const random = randomNumbers(20);

function randomBytes(length: number): number[] {
  return Array.from({ length }, () => random(256));
}

/** Entries of composite metadata, each of a type that is decoded further, with random content. */
function randomEntries(): number[] {
  return Array.from({ length: 1 + random(3) }, () => {
    const content = randomBytes(random(20));
    return [0x80 | (0x7a + random(6)), 0, 0, content.length, ...content];
  }).flat();
}

function* hostileFrames(): Generator<Uint8Array> {
  yield setupFrame(COMPOSITE_METADATA);
  for (const frame of frameVectors.map(bytesOf))
    for (let length = 1; length < frame.length; length++) yield frame.subarray(0, length);
  for (const type of [COMPOSITE_METADATA, 'message/x.rsocket.routing.v0', 'message/x.rsocket.authentication.v0', '']) {
    yield setupFrame(type);
    for (let i = 0; i < 200; i++) {
      const metadata = i % 2 === 0 ? randomBytes(random(40)) : randomEntries();
      const typeAndFlags = [0x1100, 0x1580, 0x2920, 0x3100][random(4)] as number;
      const length = typeAndFlags === 0x3100 ? [] : [0, 0, metadata.length];
      const head = [0, 0, 0, random(4), typeAndFlags >>> 8, typeAndFlags & 0xff];
      yield Uint8Array.from([...head, ...length, ...metadata, ...randomBytes(random(8))]);
    }
  }
  for (let i = 0; i < 600; i++) {
    const typeAndFlags = ((1 + random(16)) << 10) | random(1024);
    const head = i % 3 === 0 ? [] : [random(256), 0, 0, random(3), typeAndFlags >>> 8, typeAndFlags & 0xff];
    yield Uint8Array.from([...head, ...randomBytes(1 + random(60))]);
  }
}

/** Runs tshark with other ports than the default ones, in one pass; gives back a line for each packet. */
function dissectLines(): Line[] {
  const fields = ['frame.number', '_ws.col.Info', '_ws.expert.message', '_ws.lua.error', '_ws.lua.text'];
  const ports = ['-o', 'rsocket.ports:9000,9002-9003', '-d', 'tcp.port==9001,rsocket'];
  const output = tshark(capture, [...ports, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])]);
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, info = '', ...rest] = line.split('\t');
      return { info, expert: rest.join('') };
    });
}

if (hasTshark) {
  const request = prefixed(bytesOfHex('00000001 1100 000000 6869'));
  const onPorts = [9000, 9001, 9003, 7878].map((port) => capture.connect(port).fromClient(request));
  const cutShort = capture.connect(9000).fromClientCutShort(prefixed(bytesOfHex('00000001 1000 0102030405060708')), 12);
  const several = capture
    .connect(9000)
    .fromServer(Buffer.concat(['00000001 2860 68', '00000003 2c00 00000201'].map(bytesOfHex).map(prefixed)));
  const wrong = WRONG.map(([hex]) => capture.connect(9000).fromClient(prefixed(bytesOfHex(hex))));

  const tcp = capture.connect(9000);
  const webSocket = capture.connect(8080);
  webSocket.fromClient(webSocketUpgrade.request);
  webSocket.fromServer(webSocketUpgrade.response);
  const framed = [...hostileFrames()].flatMap((frame) => [
    tcp.fromClient(prefixed(frame)),
    webSocket.fromClient(webSocketMessage(frame, MASK)),
  ]);
  for (let i = 0; i < 40; i++) {
    const noise = capture.connect(9000);
    for (let segment = 0; segment < 5; segment++) noise.fromClient(Uint8Array.from([0, 0, ...randomBytes(200)]));
    capture.connect(9000).fromServer(Uint8Array.from(randomBytes(300)));
  }

  test.before(() => {
    lines = dissectLines();
  });

  test('listens on the ports of its preference, on those of -d, and no longer on the default ones', () => {
    const shown = onPorts.map((packet) => lineOf(packet).info === 'REQUEST_RESPONSE stream=1 data=2 metadata=0');
    assert.equal(shown, [true, true, true, false]);
  });

  test('sums up the frames of a segment in the Info column', () => {
    assert.is(lineOf(several).info, 'PAYLOAD stream=1 data=1 complete next; ERROR stream=3 APPLICATION_ERROR data=0');
  });

  test('shows what a capture kept of a packet', () => {
    assert.match(lineOf(cutShort).info, /^REQUEST_RESPONSE stream=1 data=8/);
  });

  WRONG.forEach(([hex, complaint], index) => {
    test(`says of ${hex}: ${complaint}`, () => assert.ok(lineOf(wrong[index] as number).expert.includes(complaint)));
  });

  test(
    'shows cut and random frames without a Lua error',
    () => {
      assert.is(lines.length, capture.packetCount);
      const [failed] = lines.filter(({ info, expert }) => /\blua\b/i.test(info + expert));
      assert.is(failed?.expert, undefined);
      const unseen = framed.filter((packet) => !/^([A-Z_]+\b|type 0x|malformed frame)/.test(lineOf(packet).info));
      assert.equal(unseen, []);
    },
    { timeoutMs: TIMEOUT_MS },
  );
} else {
  test.skip('tshark is needed', () => {});
}

test.run();

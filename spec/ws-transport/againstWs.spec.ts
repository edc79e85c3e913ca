/** What the ws package makes of the same bytes: the messages, and the code of the Close where they break a rule. */
import type { Writable } from 'node:stream';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import * as ws from 'ws';
import { suite } from '../support/suite.ts';
import { turns } from '../tck/until.ts';
import { closeOf, frameOf, RawEnd } from './rawEnd.ts';

const test = suite('received frames against the ws package');

const MAX_LENGTH = 5_000;
const RUNS = 400;
/** Enough for all chunks of a run to pass. */
const QUIET_TURNS = 60;

/** Where the scribble has made text of a message. */
const TEXT_COMES = -1;
const NOT_UTF8 = 1007;

interface Outcome {
  readonly messages: string[];
  /** Of the Close that answers; 0 if the bytes are no reason to send one. */
  readonly code: number;
}

type WsReceiver = Writable;
// The types leave the receiver out.
const { Receiver } = ws as unknown as { Receiver: new (options: object) => WsReceiver };

const opcode = fc.constantFrom(0x2, 0x2, 0x2, 0x0, 0x0, 0x9, 0xa, 0x3, 0xb);
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 130 }),
  fc.integer({ min: 0, max: MAX_LENGTH + 10 }).map((length) => new Uint8Array(length).fill(length)),
);
const frame = fc.record({
  opcode,
  payload,
  isLast: fc.boolean(),
  key: fc.integer({ min: 1, max: 0x7fffffff }),
});
const close = fc.oneof(
  fc.constant(frameOf(0x8, '')),
  fc.integer({ min: 990, max: 1020 }).map((code) => frameOf(0x8, closeOf(code, 'why'))),
  fc.constantFrom(0, 1, 2_999, 3_000, 4_999, 5_000).map((code) => frameOf(0x8, closeOf(code))),
);
const scribble = fc.option(fc.record({ at: fc.nat(), value: fc.constantFrom(0x10, 0x40, 0x80, 0x01) }), { freq: 6 });

test(
  'same messages, same reasons to close',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(frame, { maxLength: 8 }),
        fc.option(close),
        scribble,
        fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 6 }),
        async (frames, last, damage, cuts) => {
          const parts = frames.map((each) => frameOf(each.opcode, each.payload, each));
          const bytes = Buffer.concat(last === null ? parts : [...parts, last]);
          if (damage !== null && bytes.length > 0) {
            const at = damage.at % bytes.length;
            bytes[at] = (bytes[at] as number) ^ damage.value;
          }
          const chunks = cut(bytes, cuts);
          const expected = await outcomeOfWs(chunks);
          // Text is refused here whatever it says, and the reason of a Close may be no UTF-8: the end is the same.
          if (expected.code === TEXT_COMES || expected.code === NOT_UTF8) return;
          assert.equal(await outcomeOfOurs(chunks), expected);
        },
      ),
      { numRuns: RUNS },
    );
  },
  { timeoutMs: 60_000 },
);

function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let from = 0;
  for (const length of lengths) {
    chunks.push(bytes.subarray(from, from + length));
    from += length;
  }
  return [...chunks, bytes.subarray(from)].filter((chunk) => chunk.length > 0);
}

async function outcomeOfWs(chunks: readonly Buffer[]): Promise<Outcome> {
  const messages: string[] = [];
  let code = 0;
  const receiver = new Receiver({ isServer: true, maxPayload: MAX_LENGTH });
  receiver.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) messages.push(data.toString('hex'));
    else code = TEXT_COMES;
  });
  receiver.on('conclude', (peersCode: number) => {
    if (code === 0) code = peersCode === 1005 ? 1000 : peersCode;
  });
  receiver.on('error', () => {});
  for (const chunk of chunks) {
    // The receiver unmasks in place.
    receiver.write(Buffer.from(chunk), (error) => {
      const status = Object.getOwnPropertySymbols(error ?? {}).find((key) => key.description === 'status-code');
      if (status !== undefined && code === 0) code = Reflect.get(error as Error, status) as number;
    });
  }
  await turns(2);
  return { messages, code };
}

async function outcomeOfOurs(chunks: readonly Buffer[]): Promise<Outcome> {
  const end = new RawEnd(false, { maxInboundFrameLength: MAX_LENGTH });
  for (const chunk of chunks) end.raw.write(chunk);
  await turns(QUIET_TURNS);
  let code = 0;
  while (end.received.length > 0) {
    const sent = await end.takeFrame();
    if (sent.opcode === 0x8) code = sent.payload.readUInt16BE(0);
  }
  const messages = end.handler.frames.map((bytes) => Buffer.from(bytes).toString('hex'));
  await end.dispose();
  return { messages, code };
}

test.run();

import { FrameType } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { requestResponse, setup } from '../core/rawFrames.ts';
import { turns, until } from '../tck/until.ts';
import type { Attacker } from './Attacker.ts';
import type { DefineAttack } from './attackTests.ts';
import { memoryGrowth } from './memoryGrowth.ts';
import type { Target } from './Target.ts';
import {
  BINARY,
  CLOSE,
  CONTINUATION,
  type MessageFrameOptions,
  messageFrame,
  PING,
  PONG,
  TEXT,
} from './webSocketFraming.ts';

const MIB: number = 1024 * 1024;
const PROTOCOL_ERROR = 1002;
const UNSUPPORTED_DATA = 1003;
const TOO_BIG = 1009;
const MAX_INBOUND_FRAME_LENGTH = 200_000;
const NOTHING = new Uint8Array(0);

const part: MessageFrameOptions = { isLast: false };

/** The frame with these bits set in its first byte. */
function withBits(bits: number, frame: Uint8Array): Uint8Array {
  frame[0] = (frame[0] as number) | bits;
  return frame;
}

const VIOLATION = 'ERR_FLYSOCKET_WEBSOCKET_PROTOCOL';
const TOO_LONG = 'ERR_FLYSOCKET_FRAME_TOO_LONG';

/** What ends a WebSocket: why, and with which code. */
const deadly: readonly (readonly [what: string, bytes: Uint8Array, code: string, closeCode: number])[] = [
  ['no mask', messageFrame(BINARY, new Uint8Array(10), { isMasked: false }), VIOLATION, PROTOCOL_ERROR],
  ['an unmasked Ping', messageFrame(PING, NOTHING, { isMasked: false }), VIOLATION, PROTOCOL_ERROR],
  ['compression', withBits(0x40, messageFrame(BINARY, new Uint8Array(10))), VIOLATION, PROTOCOL_ERROR],
  ['a reserved bit', withBits(0x10, messageFrame(BINARY, new Uint8Array(10))), VIOLATION, PROTOCOL_ERROR],
  ['opcode 3', messageFrame(3, new Uint8Array(10)), VIOLATION, PROTOCOL_ERROR],
  ['opcode 15', messageFrame(15, NOTHING), VIOLATION, PROTOCOL_ERROR],
  ['a continuation of nothing', messageFrame(CONTINUATION, new Uint8Array(10)), VIOLATION, PROTOCOL_ERROR],
  ['half a message, and another', twice(messageFrame(BINARY, new Uint8Array(10), part)), VIOLATION, PROTOCOL_ERROR],
  ['a Ping of 126 bytes', messageFrame(PING, new Uint8Array(126)), VIOLATION, PROTOCOL_ERROR],
  ['a Ping in parts', messageFrame(PING, NOTHING, part), VIOLATION, PROTOCOL_ERROR],
  ['a Close of one byte', messageFrame(CLOSE, Uint8Array.of(3)), VIOLATION, PROTOCOL_ERROR],
  ['a Close with code 999', messageFrame(CLOSE, Uint8Array.of(3, 0xe7)), VIOLATION, PROTOCOL_ERROR],
  ['a Close with code 1006', messageFrame(CLOSE, Uint8Array.of(3, 0xee)), VIOLATION, PROTOCOL_ERROR],
  ['a text', messageFrame(TEXT, Buffer.from('{"hello":"world"}')), 'ERR_FLYSOCKET_TEXT_MESSAGE', UNSUPPORTED_DATA],
  ['a long one', messageFrame(BINARY, NOTHING, { announced: MAX_INBOUND_FRAME_LENGTH + 1 }), TOO_LONG, TOO_BIG],
  ['4 GiB', messageFrame(BINARY, NOTHING, { announced: 2 ** 32 }), TOO_LONG, TOO_BIG],
  ['8 PiB', messageFrame(BINARY, NOTHING, { announced: 2 ** 53 }), TOO_LONG, TOO_BIG],
];

function twice(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, bytes]);
}

/** What a peer can do with the messages of a WebSocket. */
export function messageAttacks(attack: DefineAttack): void {
  const short = { maxInboundFrameLength: MAX_INBOUND_FRAME_LENGTH };

  attack('breaks the rules of WebSocket', short, async (target) => {
    for (const [what, bytes, code, closeCode] of deadly) {
      const attacker = await target.enter(requestResponse(1));
      await attacker.untilAnswered(1);
      attacker.sendBytes(bytes);
      await attacker.untilEnded();
      await target.assertEnded(code);
      assert.is(closeCodeOf(attacker), closeCode, what);
    }
  });

  attack('breaks them before its SETUP', short, async (target) => {
    for (const [, bytes, code] of deadly) {
      const attacker = await target.attack();
      attacker.sendBytes(bytes);
      await attacker.untilEnded();
      await target.assertEnded(code);
    }
  });

  attack('sends messages in parts of one byte', short, async (target) => {
    const attacker = await target.attack();
    await inParts(attacker, attacker.bytesOf(setup()));
    await inParts(attacker, attacker.bytesOf(requestResponse(1)));
    assert.is((await attacker.untilAnswered(1)).type, FrameType.PAYLOAD);
    const before = target.pooledBytes;
    const growth = await memoryGrowth(() =>
      pour(attacker, 210_000, messageFrame(CONTINUATION, Uint8Array.of(1), part)),
    );
    await attacker.untilEnded();
    await target.assertServed();
    assert.is(target.ends.length, 1);
    assert.ok(target.pooledBytes - before < 4 * MIB, `${target.pooledBytes - before} bytes of pooled memory`);
    assert.ok(growth < 64 * MIB, `${growth} bytes`);
  });

  attack('sends Pings, and reads what comes', {}, async (target) => {
    const attacker = await target.enter();
    for (let i = 0; i < 100; i++) {
      await pour(attacker, 20, messageFrame(PING, new Uint8Array(125)));
      attacker.send(requestResponse(2 * i + 1));
      await attacker.untilAnswered(2 * i + 1);
    }
    assert.ok(attacker.controls.length >= 100, `${attacker.controls.length} Pongs have come`);
    await pour(attacker, 20_000, messageFrame(PONG, new Uint8Array(125)));
    attacker.send(requestResponse(999));
    await attacker.untilAnswered(999);
  });

  attack('sends Pings, and reads nothing', {}, async (target) => {
    const attacker = await target.enter(requestResponse(1));
    await attacker.untilAnswered(1);
    attacker.deafen();
    const before = target.pooledBytes;
    const growth = await memoryGrowth(() => pour(attacker, 200_000, messageFrame(PING, new Uint8Array(125))));
    assert.ok(target.pooledBytes - before < 4 * MIB, `${target.pooledBytes - before} bytes of pooled memory`);
    assert.ok(growth < 64 * MIB, `${growth} bytes for ${25 * MIB} of Pings`);
    await target.assertServed();
  });

  attack('closes in the middle of a message', {}, async (target) => {
    for (const close of [NOTHING, Uint8Array.of(3, 0xe8), Uint8Array.of(3, 0xea)]) {
      const attacker = await target.enter(requestResponse(1));
      await attacker.untilAnswered(1);
      attacker.sendBytes(messageFrame(BINARY, new Uint8Array(10), part));
      attacker.sendBytes(messageFrame(CLOSE, close));
      attacker.sendBytes(messageFrame(CONTINUATION, new Uint8Array(10)));
      await attacker.untilEnded();
      await until(() => target.ends.length > 0, 'its connection has ended');
      await target.assertEnded(close[1] === 0xea ? 'ERR_FLYSOCKET_CONNECTION_LOST' : '');
    }
  });

  attack('ends, or breaks off, in the middle of a message', {}, async (target) => {
    const whole = messageFrame(BINARY, new Uint8Array(10_000));
    for (const length of [1, 3, 7, 5_000]) {
      const [ending, breaking] = [await target.enter(requestResponse(1)), await target.enter(requestResponse(1))];
      for (const attacker of [ending, breaking]) {
        await attacker.untilAnswered(1);
        attacker.sendBytes(whole.subarray(0, length));
      }
      await turns(2);
      ending.socket.end();
      breaking.socket.resetAndDestroy();
      await lost(target, 2);
    }
  });
}

async function lost(target: Target, count: number): Promise<void> {
  await until(() => target.ends.length === count, 'the connections have ended');
  assert.equal(target.ends.splice(0), new Array(count).fill('ERR_FLYSOCKET_CONNECTION_LOST'));
}

/** Sends the message in parts of one byte. */
async function inParts(attacker: Attacker, message: Uint8Array): Promise<void> {
  const parts = [...message].map((byte, i) => {
    return messageFrame(i === 0 ? BINARY : CONTINUATION, Uint8Array.of(byte), { isLast: i === message.length - 1 });
  });
  attacker.sendBytes(Buffer.concat(parts));
}

/** Sends the same frame many times, as fast as the socket takes it, in one message if it is a part of one. */
async function pour(attacker: Attacker, count: number, frame: Uint8Array): Promise<void> {
  if ((frame[0] as number) === CONTINUATION) attacker.sendBytes(messageFrame(BINARY, NOTHING, part));
  const atOnce = Math.min(count, 1_000);
  const batch = Buffer.concat(new Array(atOnce).fill(frame));
  for (let i = 0; i < count / atOnce && !attacker.hasEnded; i++) await attacker.write(batch);
}

function closeCodeOf({ controls }: Attacker): number | undefined {
  const close = controls.find(({ opcode }) => opcode === CLOSE);
  return close && Buffer.from(close.payload).readUInt16BE();
}

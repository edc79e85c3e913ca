import type { Socket } from 'node:net';
import { getActiveResourcesInfo } from 'node:process';
import { MAX_FRAME_LENGTH } from 'flysocket/codec';
import { ErrorCode } from 'flysocket/flyweight';
import { MAX_EXTRA_SOCKETS } from 'flysocket/tcp-transport';
import * as assert from 'uvu/assert';
import { requestResponse, setup } from '../core/rawFrames.ts';
import { turns, until } from '../tck/until.ts';
import { Attacker } from './Attacker.ts';
import { attackTests } from './attackTests.ts';
import { entranceAttacks } from './entranceAttacks.ts';
import { lengthPrefix, lengthsBefore } from './Framing.ts';
import { floodAttacks } from './floodAttacks.ts';
import { tcp } from './Ground.ts';
import { streamAttacks } from './streamAttacks.ts';

attackTests(tcp, 'the entrance', entranceAttacks);
attackTests(tcp, 'streams', streamAttacks);
attackTests(tcp, 'floods', floodAttacks);

attackTests(tcp, 'bytes', (attack) => {
  attack('announces frames that are too short or too long', { maxInboundFrameLength: 200_000 }, async (target) => {
    for (const length of [0, 1, 2, 3, 4, 5, 200_001, MAX_FRAME_LENGTH]) {
      for (const frames of [[], [setup(), requestResponse(1)]]) {
        const attacker = await target.attack();
        attacker.send(...frames);
        attacker.sendBytes(lengthPrefix(length));
        await attacker.untilEnded();
        await target.assertEnded(length < 6 ? 'ERR_FLYSOCKET_FRAME_TOO_SHORT' : 'ERR_FLYSOCKET_FRAME_TOO_LONG');
        assert.is(attacker.errorOn(0), ErrorCode.CONNECTION_ERROR);
      }
    }
  });

  attack('speaks HTTP', { maxInboundFrameLength: 200_000 }, async (target) => {
    const attacker = await target.attack();
    attacker.sendBytes(Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    await target.assertEnded('ERR_FLYSOCKET_FRAME_TOO_LONG');
  });

  attack('says a byte a second of its SETUP', {}, async (target) => {
    const attacker = await target.attack();
    const bytes = lengthsBefore.wrap(attacker.bytesOf(setup()));
    for (let i = 0; i < 10; i++) {
      assert.equal(target.ends, []);
      attacker.sendBytes(bytes.subarray(i, i + 1));
      await target.advance(1_000);
    }
    await target.assertEnded('ERR_FLYSOCKET_SETUP_TIMEOUT');
  });

  attack('says a byte a second of a request', {}, async (target) => {
    const attacker = await target.enter(requestResponse(1));
    await attacker.untilAnswered(1);
    const before = target.pooledBytes;
    attacker.sendBytes(lengthPrefix(MAX_FRAME_LENGTH));
    for (let i = 0; i < 30; i++) {
      assert.equal(target.ends, []);
      attacker.sendBytes(Uint8Array.of(i));
      await target.advance(1_000);
    }
    await target.assertEnded('ERR_FLYSOCKET_PARTIAL_FRAME');
    assert.ok(target.pooledBytes - before < 2_000_000, 'a frame of 16 MiB is not believed in');
  });

  attack('ends, or breaks off, in the middle of a frame', {}, async (target) => {
    for (const leave of [(socket: Socket) => socket.end(), (socket: Socket) => socket.resetAndDestroy()]) {
      for (const length of [1, 2, 3, 9, 40_000]) {
        const attacker = await target.enter(requestResponse(1));
        await attacker.untilAnswered(1);
        attacker.sendBytes(Buffer.concat([lengthPrefix(100_000), new Uint8Array(length)]).subarray(0, length));
        await turns(2);
        leave(attacker.socket);
        await target.assertEnded('ERR_FLYSOCKET_CONNECTION_LOST');
      }
    }
  });

  attack('stays, though told that it is one too many: MAX_EXTRA_SOCKETS', { maxConnections: 5 }, async (target) => {
    const before = sockets();
    const count = 300;
    const intruders: Socket[] = [];
    for (let i = 0; i < count; i++) {
      const socket = await Attacker.dial(target.port, true);
      socket.pause();
      intruders.push(socket);
    }
    await until(() => sockets() - before - count <= 4 + MAX_EXTRA_SOCKETS, 'the server keeps a bounded number of them');
    await target.assertServed();
    for (const socket of intruders) socket.destroy();
  });
});

function sockets(): number {
  return getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
}

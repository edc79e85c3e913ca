/** Sends its share to FanIn, by a ring of its own or through the queue that all producers share. */
import { workerData } from 'node:worker_threads';
import { DirectBuffer } from 'flysocket/flyweight';
import { DrainQueue, OneToOneRingBuffer } from 'flysocket/shm-transport';
import { PEER_TIMEOUT_MS } from '../harness/threads/JobControl.ts';
import { serveTeam } from '../team/serveTeam.ts';
import type { FanInWay } from './FanIn.ts';
import { MESSAGE_LENGTH, PRODUCER, SEQUENCE, SEQUENCE_AGAIN } from './fanInMessage.ts';

const { way, producer, memory } = workerData as { way: FanInWay; producer: number; memory: SharedArrayBuffer };

const TYPE = 1;
/** A producer that finds no room gives its core to others: there are fewer of those than producers. */
const NAP_MS = 0.05;
const MAX_NAPS: number = PEER_TIMEOUT_MS / NAP_MS;

const source = new DirectBuffer(new ArrayBuffer(MESSAGE_LENGTH));
const nap = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
source.putInt32Native(PRODUCER, producer);

function stamp(sequence: number): void {
  source.putInt32Native(SEQUENCE, sequence);
  source.putInt32Native(SEQUENCE_AGAIN, sequence);
}

function waitForRoom(naps: number): void {
  if (naps > MAX_NAPS) throw new Error(`no room for ${PEER_TIMEOUT_MS} ms`);
  Atomics.wait(nap, 0, 0, NAP_MS);
}

function byRing(ring: OneToOneRingBuffer, share: number): void {
  for (let sequence = 0; sequence < share; sequence++) {
    stamp(sequence);
    for (let naps = 0; !ring.write(TYPE, source, 0, MESSAGE_LENGTH); naps++) {
      ring.flush();
      waitForRoom(naps);
    }
  }
  ring.flush();
}

function byQueue(queue: DrainQueue, share: number): void {
  for (let sequence = 0; sequence < share; sequence++) {
    stamp(sequence);
    for (let naps = 0; !queue.offer(TYPE, source, 0, MESSAGE_LENGTH); naps++) waitForRoom(naps);
  }
}

serveTeam(
  way === 'rings'
    ? byRing.bind(undefined, new OneToOneRingBuffer(memory))
    : byQueue.bind(undefined, new DrainQueue(memory)),
);

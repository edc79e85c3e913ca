/** A producer for FanIn that sends as many messages as it should, and one of them twice. */
import { workerData } from 'node:worker_threads';
import { DirectBuffer } from 'flysocket/flyweight';
import { OneToOneRingBuffer } from 'flysocket/shm-transport';
import { MESSAGE_LENGTH, PRODUCER, SEQUENCE, SEQUENCE_AGAIN } from '../../bench/scale/fanInMessage.ts';
import { serveTeam } from '../../bench/team/serveTeam.ts';

const ring = new OneToOneRingBuffer(workerData.memory);
const source = new DirectBuffer(new ArrayBuffer(MESSAGE_LENGTH));
source.putInt32Native(PRODUCER, workerData.producer);

serveTeam((share) => {
  for (let sequence = 0; sequence < share; sequence++) {
    const said = sequence === 5 ? 4 : sequence;
    source.putInt32Native(SEQUENCE, said);
    source.putInt32Native(SEQUENCE_AGAIN, said);
    ring.write(1, source, 0, MESSAGE_LENGTH);
  }
  ring.flush();
});

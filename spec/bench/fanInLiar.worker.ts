/** A producer for FanIn that sends as many messages as it should, and one of them twice. */
import { workerData } from 'node:worker_threads';
import { DirectBuffer } from 'flysocket/flyweight';
import { OneToOneRingBuffer } from 'flysocket/shm-transport';
import { shareOf } from '../../bench/counter/jobs.ts';
import { StartGate } from '../../bench/counter/StartGate.ts';
import { JobSeat } from '../../bench/harness/threads/JobControl.ts';
import { MESSAGE_LENGTH, PRODUCER, SEQUENCE, SEQUENCE_AGAIN } from '../../bench/scale/fanInMessage.ts';

const ring = new OneToOneRingBuffer(workerData.memory);
const gate = new StartGate(workerData.gate);
const source = new DirectBuffer(new ArrayBuffer(MESSAGE_LENGTH));
source.putInt32Native(PRODUCER, workerData.producer);

new JobSeat(workerData.jobs).serve((job) => {
  const share = shareOf(job);
  gate.wait();
  for (let sequence = 0; sequence < share; sequence++) {
    const said = sequence === 5 ? 4 : sequence;
    source.putInt32Native(SEQUENCE, said);
    source.putInt32Native(SEQUENCE_AGAIN, said);
    ring.write(1, source, 0, MESSAGE_LENGTH);
  }
  ring.flush();
  return share;
});

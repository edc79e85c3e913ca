/** Echoes on every link that it is given, and drives one if it is told to. It goes to sleep whenever it can. */
import { parentPort, workerData } from 'node:worker_threads';
import { acceptParent, DrainLoop, type WorkerPeer } from 'flysocket/shm-transport';
import { Driver, type DriverOptions, Echo, Sink } from './linkTraffic.ts';
import { Random } from './ringMessages.ts';

export interface WakeOrders {
  readonly seed: number;
  readonly pauseOneIn: number;
  /** Echoes nothing on the first link, and tells its parent how much had come when that was closed. */
  readonly isSink?: boolean;
  /** Sleeps in Atomics.wait. */
  readonly isBlocking?: boolean;
  /** Accepts one link after the other, and closes some of them itself, after some messages or some time. */
  readonly isFickle?: boolean;
  /** What to send over the link of this name, once introduced; all others are echoed. */
  readonly drives?: string;
  readonly driver?: Omit<DriverOptions, 'random'>;
}

/** Said to the parent when a link from it is read as these programs read it, and no longer by a peer. */
const READY = 'ready';

const LONGEST_BLOCK_MS = 100;

const { seed, pauseOneIn, isSink, isBlocking, isFickle, drives, driver }: WakeOrders = workerData;
const random = new Random(seed);
const loop = DrainLoop.ofThisThread();
loop.configure({ spinsPerPass: 0, idleTurnsBeforePark: 0 });

function onIntroduction(name: string) {
  return {
    onPeer({ link }: WorkerPeer) {
      if (name !== drives || driver === undefined) {
        new Echo(link, random, pauseOneIn);
        return;
      }
      const traffic = new Driver(link, { ...driver, random });
      traffic.done.then(
        () => parentPort?.postMessage({ sent: traffic.sent }),
        (error: Error) => parentPort?.postMessage({ error: error.message }),
      );
    },
  };
}

const { link } = await acceptParent({ onIntroduction });
if (isSink) {
  const sink = new Sink(link, random, pauseOneIn);
  sink.done.catch(({ message }: Error) => parentPort?.postMessage({ received: sink.received, message }));
} else {
  new Echo(link, random, pauseOneIn);
}
parentPort?.postMessage(READY);

if (isBlocking) {
  // Between two blocks the event loop gets a turn, to hear of the end.
  const block = (): void => {
    loop.runBlocking(() => false, LONGEST_BLOCK_MS);
    setImmediate(block);
  };
  setImmediate(block);
}

while (isFickle) {
  const peer = await acceptParent();
  const echo = new Echo(peer.link, random, pauseOneIn);
  parentPort?.postMessage(READY);
  const end = random.below(3);
  if (end === 0) echo.closesAfter = 1 + random.below(50);
  else if (end === 1) setTimeout(() => peer.link.close(), random.below(4));
}

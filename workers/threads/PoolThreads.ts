/** The threads of a pool: piscina makes and ends them, and each is linked with this thread by its one piscina task. */
import { MessageChannel, type Worker } from 'node:worker_threads';
import { Piscina, queueOptionsSymbol } from 'piscina';
import { processCounters } from '../../counters/index.ts';
import { RSocketError } from '../../flyweight/index.ts';
import {
  invitationsTo,
  type LinkInvitation,
  RING_CAPACITY,
  reclaimAtEndOf,
  WorkerPeer,
} from '../../shm-transport/index.ts';
import { CallResponder } from '../answers/CallResponder.ts';
import { HandlerFunctions } from '../answers/HandlerFunctions.ts';
import { CallLink } from '../calls/CallLink.ts';
import { CallState, type PoolCall } from '../calls/PoolCall.ts';
import { DEATH_NOTICE_TIMEOUT_MS } from '../limits.ts';
import { loadSerializer } from '../values/loadSerializer.ts';
import { ValueCodec } from '../values/ValueCodec.ts';
import { ValuePort } from '../values/ValuePort.ts';
import type { CallDispatcher, ThreadSupply } from './CallDispatcher.ts';
import type { FilledPoolOptions } from './fillPoolOptions.ts';
import { PoolWorker, type WorkerOwner, WorkerState, type WorkerView } from './PoolWorker.ts';
import { peerOptionsOf } from './peerOptionsOf.ts';
import { piscinaOptionsOf } from './piscinaOptionsOf.ts';
import type { ThreadOrders, ThreadReport } from './ThreadOrders.ts';

/** Who is told what becomes of threads. */
interface ThreadEvents {
  onCreated(worker: WorkerView): void;
  onDestroyed(worker: WorkerView): void;
  /** Something went wrong that no call could be failed with. */
  onError(error: unknown): void;
  onMessage(message: unknown): void;
}

export class PoolThreads implements ThreadSupply, WorkerOwner {
  readonly ready: PoolWorker[] = [];
  starting = 0;
  /** Ended threads are not replaced: the pool is being destroyed. */
  #isDestroying = false;
  #calls!: CallDispatcher;
  readonly #options: FilledPoolOptions;
  readonly #events: ThreadEvents;
  readonly #piscina: Piscina;
  /** Those that have not ended, in whatever state. */
  readonly #workers: Set<PoolWorker> = new Set();
  #idleTimer: NodeJS.Timeout | undefined;
  #lastNumber = 0;

  constructor(options: FilledPoolOptions, events: ThreadEvents) {
    this.#options = options;
    this.#events = events;
    this.#piscina = new Piscina(
      piscinaOptionsOf(options, (task, candidates) => {
        const worker = task[queueOptionsSymbol] as unknown as PoolWorker;
        return candidates.find(({ id }) => id === worker.id) ?? null;
      }),
    );
    // What ends a thread is told by the thread itself.
    this.#piscina.on('error', ignore);
    this.#piscina.on('message', (message) => events.onMessage(message));
  }

  /** Starts the threads that there always are. @param calls those that they run */
  open(calls: CallDispatcher): void {
    this.#calls = calls;
    this.#ensureMinimum();
  }

  get threads(): Worker[] {
    return this.#piscina.threads;
  }

  /** @throws what making a Worker throws */
  grow(waiting: number): void {
    if (waiting <= this.starting * this.#options.concurrentTasksPerWorker) return;
    if (this.#workers.size >= this.#options.maxThreads || this.#isDestroying) return;
    this.#start();
  }

  onIdle(): void {
    if (this.#idleTimer !== undefined || this.#workers.size <= this.#options.minThreads) return;
    if (this.#options.idleTimeout === Number.POSITIVE_INFINITY) return;
    this.#idleTimer = setTimeout(() => this.#endIdle(), this.#options.idleTimeout).unref();
  }

  onPlaceFree(): void {
    this.#calls.onPlaceFree();
  }

  onCallStarted(call: PoolCall): void {
    this.#calls.onCallStarted(call);
  }

  onCallEnded(call: PoolCall): void {
    this.#calls.onCallEnded(call);
  }

  onCallDropped(call: PoolCall): void {
    this.#calls.onCallDropped(call);
  }

  /** Ends a thread, with whatever runs there. */
  end(worker: PoolWorker): void {
    worker.isEndWanted = true;
    this.#remove(worker);
    worker.thread?.terminate();
  }

  /** Ends all threads. Resolves when they have ended and their calls have failed. */
  async destroy(): Promise<void> {
    this.#isDestroying = true;
    clearTimeout(this.#idleTimer);
    this.#idleTimer = undefined;
    const gone = [...this.#workers].map((worker) => {
      worker.isEndWanted = true;
      worker.isDestroyed = true;
      this.#remove(worker);
      return worker.whenGone;
    });
    await this.#piscina.destroy();
    await Promise.all(gone);
    this.#isDestroying = false;
  }

  #ensureMinimum(): void {
    while (this.#workers.size < this.#options.minThreads) this.#start();
  }

  #endIdle(): void {
    this.#idleTimer = undefined;
    const latest = performance.now() - this.#options.idleTimeout;
    for (const worker of [...this.ready]) {
      if (this.#workers.size <= this.#options.minThreads) return;
      if (worker.currentUsage === 0 && worker.idleSince <= latest) this.end(worker);
    }
    if (this.ready.some(({ currentUsage }) => currentUsage === 0)) this.onIdle();
  }

  /** @throws what making a Worker throws */
  #start(): void {
    const options = this.#options;
    const worker = new PoolWorker(this, options);
    const { ringCapacity = RING_CAPACITY } = options;
    const [ours, theirs] = invitationsTo(`worker ${++this.#lastNumber}`, ringCapacity, processCounters().memory);
    const { port1, port2 } = new MessageChannel();
    const orders: ThreadOrders & { [queueOptionsSymbol]: PoolWorker } = {
      invitation: theirs,
      values: port2,
      started: worker.started.memory,
      filename: options.filename,
      name: options.name,
      serializer: options.serializer === undefined ? undefined : String(options.serializer),
      [queueOptionsSymbol]: worker,
    };
    const before = new Set(this.#piscina.threads);
    const abandoned = new AbortController();
    const transferList = [theirs.port, port2] as never[];
    const linked = this.#piscina.run(orders, { transferList, signal: abandoned.signal }) as Promise<ThreadReport>;
    linked.catch(ignore);
    worker.thread = this.#piscina.threads.find((thread) => !before.has(thread));
    this.#workers.add(worker);
    this.starting++;
    const values = new ValuePort(port1);
    this.#watch(worker, values, () => {
      ours.port.close();
      abandoned.abort();
    });
    this.#link(worker, ours, values, linked).catch((error: unknown) => {
      worker.failure ??= error;
      this.end(worker);
    });
  }

  async #link(
    worker: PoolWorker,
    invitation: LinkInvitation,
    values: ValuePort,
    linked: Promise<ThreadReport>,
  ): Promise<void> {
    const { startTimeoutMs, handlers, serializer } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const message = `the thread has not started and loaded its file within ${startTimeoutMs} ms`;
        reject(new RSocketError('ERR_FLYSOCKET_WORKER_START', message));
      }, startTimeoutMs).unref();
    });
    try {
      const codec = new ValueCodec(await loadSerializer(serializer && String(serializer)), values);
      const requestHandler = new CallResponder(new HandlerFunctions(handlers));
      const opened = WorkerPeer.open(invitation, peerOptionsOf(requestHandler, startTimeoutMs), (peer) => {
        reclaimAtEndOf(worker.thread as Worker, peer.link);
        worker.open(peer, new CallLink(peer, codec, values));
        requestHandler.attach(worker.link);
        peer.onClose.then(() => requestHandler.close());
      });
      const [{ failure }] = await Promise.race([late, Promise.all([linked, opened])]);
      this.#onReady(worker, failure);
    } finally {
      clearTimeout(timer);
    }
  }

  #onReady(worker: PoolWorker, failure: unknown): void {
    if (worker.state !== WorkerState.STARTING) return;
    this.starting--;
    worker.state = WorkerState.READY;
    worker.wasReady = true;
    worker.idleSince = performance.now();
    this.ready.push(worker);
    this.#events.onCreated(worker);
    // Each call loads the file again and fails with that, but somebody has to be told.
    if (failure !== undefined && this.#calls.waiting === 0) this.#events.onError(failure);
    this.#calls.onPlaceFree();
  }

  #watch(worker: PoolWorker, values: ValuePort, abandon: () => void): void {
    const thread = worker.thread as Worker;
    reclaimAtEndOf(thread);
    thread.on('error', (error) => {
      worker.failure = error;
      worker.hasThrown = true;
    });
    thread.once('exit', (code) => {
      abandon();
      worker.failure ??= new Error(`worker exited with code: ${code}`);
      worker.whenUnlinked(DEATH_NOTICE_TIMEOUT_MS).then(() => {
        values.close();
        this.#onGone(worker);
      });
    });
  }

  /** Takes a thread out of those that get calls. */
  #remove(worker: PoolWorker): void {
    if (worker.state === WorkerState.STARTING) this.starting--;
    const index = this.ready.indexOf(worker);
    if (index >= 0) this.ready.splice(index, 1);
    if (worker.state < WorkerState.ENDING) worker.state = WorkerState.ENDING;
  }

  #onGone(worker: PoolWorker): void {
    const hadStarted = worker.wasReady;
    this.#remove(worker);
    this.#workers.delete(worker);
    const lost = worker.takeLost();
    // From the last to the first, so that those that go back into the queue keep their order.
    for (const call of lost.reverse()) this.#onLost(worker, call);
    this.#events.onDestroyed(worker);
    worker.gone();
    if (this.#isDestroying) return;
    if (!hadStarted) this.#onStartFailed(worker);
    else if (!worker.isEndWanted && lost.length === 0 && worker.hasThrown) this.#events.onError(worker.failure);
    try {
      if (hadStarted) this.#ensureMinimum();
      if (this.#calls.waiting > 0) this.grow(this.#calls.waiting);
    } catch (error) {
      if (this.#calls.waiting === 0) this.#events.onError(error);
      else this.#calls.failWaiting(() => error);
    }
    this.#calls.pump();
  }

  #onLost(worker: PoolWorker, call: PoolCall): void {
    if (call.state === CallState.GIVEN_UP) {
      call.end();
    } else if (worker.isDestroyed) {
      call.fail(poolDestroyed());
    } else if (call.canBeSentAgain && !worker.started.mayHaveBegun(call.slot, call.streamId)) {
      this.#calls.onCallInterrupted();
      this.#calls.resubmit(call);
      return;
    } else {
      call.fail(workerDied(worker));
    }
    this.#calls.onCallEnded(call);
  }

  /** Calls that wait for a thread that cannot start would wait for ever. */
  #onStartFailed(worker: PoolWorker): void {
    if (this.ready.length > 0 || this.starting > 0) return;
    if (this.#calls.waiting === 0) this.#events.onError(worker.failure);
    else this.#calls.failWaiting(() => workerDied(worker));
  }
}

/** What calls fail with that were there when their pool was destroyed. */
export function poolDestroyed(): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_POOL_DESTROYED', 'Terminating worker thread');
}

function workerDied({ failure }: PoolWorker): RSocketError {
  const why = failure instanceof Error ? failure.message : String(failure);
  return new RSocketError('ERR_FLYSOCKET_WORKER_DIED', `the worker thread has ended: ${why}`, undefined, {
    cause: failure,
  });
}

function ignore(): void {}

/**
 * A process of its own, started by linkLife.spec.ts: what keeps it alive, and what lets it go. It writes what happens,
 * a line each, and never ends itself.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { connectWorker, introduce, type WorkerPeer } from 'flysocket/shm-transport';
import { linkPair } from './linkSupport.ts';

const ECHO = new URL('./linkEcho.worker.js', import.meta.url);
const MESH = new URL('./linkMesh.worker.js', import.meta.url);
/** Long enough for a thread that nothing keeps alive to end. */
const WHILE_MS = 300;
const ROUNDS = 5;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function start(program: URL = ECHO, workerData: unknown = {}): Worker {
  const worker = new Worker(program, { workerData });
  worker.on('exit', (code) => say(`worker exit ${code}`));
  return worker;
}

async function talk(peer: WorkerPeer): Promise<void> {
  say((await peer.requestResponse('hello')).dataUtf8());
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, WHILE_MS));
}

const PROGRAMS: Record<string, () => Promise<void>> = {
  async open() {
    const worker = start();
    const peer = await connectWorker(worker);
    worker.unref();
    await talk(peer);
  },

  async 'closed by the parent'() {
    const peer = await connectWorker(start());
    await talk(peer);
    await peer.close();
  },

  async 'closed by the worker'() {
    const peer = await connectWorker(start());
    await peer.fireAndForget('close after 3');
    await peer.onClose;
    say('closed');
  },

  async unref() {
    const worker = start();
    const peer = await connectWorker(worker);
    await talk(peer);
    peer.unref();
    worker.unref();
  },

  async 'unref and ref'() {
    const worker = start();
    const peer = await connectWorker(worker);
    worker.unref();
    peer.unref().ref();
    await talk(peer);
  },

  async 'worker stays alive'() {
    const worker = start();
    const peer = await connectWorker(worker);
    await pause();
    say('still open');
    await peer.close();
  },

  async 'worker terminated'() {
    const worker = start();
    const peer = await connectWorker(worker);
    await worker.terminate();
    say(`${(await peer.onClose)?.code}`);
  },

  async 'both ends here'() {
    const [left] = await linkPair();
    left.close();
  },

  async introduced() {
    const workers = ['ann', 'bob'].map((self) => start(MESH, { self }));
    const [ann, bob] = await Promise.all(workers.map((worker) => connectWorker(worker)));
    await introduce(ann as WorkerPeer, bob as WorkerPeer, { name: 'direct' });
    await ann?.close();
    await bob?.close();
  },

  async 'no handle stays'() {
    const isOurs = (type: string): boolean => /MessagePort|Worker|Timeout|Immediate/.test(type);
    const handles = (): string => process.getActiveResourcesInfo().filter(isOurs).sort().join();
    const before = handles();
    for (let i = 0; i < ROUNDS; i++) {
      const worker = new Worker(ECHO);
      const peer = await connectWorker(worker);
      const exit = once(worker, 'exit');
      await (i % 2 === 0 ? peer.close() : worker.terminate());
      await exit;
    }
    await new Promise(setImmediate);
    say(handles() === before ? 'none' : `${before} -> ${handles()}`);
  },
};

await PROGRAMS[process.argv[2] ?? '']?.();

/** Programs whose ends the spec `poolLife` looks at: named by the first argument. They do not end by themselves. */
import { WorkerPool } from 'flysocket/workers';
import { newGate, TASKS } from './poolSupport.ts';

const name = process.argv[2];
const pool = new WorkerPool({ filename: TASKS, minThreads: 1, maxThreads: 2 });
const say = (text: unknown): void => {
  process.stdout.write(`${text}\n`);
};

switch (name) {
  case 'never used':
    say('made');
    break;
  case 'idle':
    say(await pool.run('used'));
    break;
  case 'a call runs':
    pool.run(300, { name: 'sleep' }).then(() => say('slept'));
    break;
  case 'a call waits':
    for (let i = 0; i < 4; i++) pool.run(100, { name: 'sleep' }).then(() => say('slept'));
    break;
  case 'a call was given up':
    pool.run(newGate(), { name: 'untilAborted', timeoutMs: 100 }).catch(({ code }) => say(code));
    break;
  case 'a stream was left':
    for await (const item of pool.requestStream(100, { name: 'slowNumbers' })) {
      say(item);
      break;
    }
    break;
  case 'a forgotten call':
    pool.on('message', say);
    await pool.fireAndForget('told', { name: 'tellParent' });
    break;
  case 'a call never ends':
    say('made');
    pool.run(undefined, { name: 'never' });
    break;
  case 'a stream is read':
    say((await pool.requestStream(undefined, { name: 'stuckStream' }).next()).value);
    break;
  default:
    throw new Error(`no such program: ${name}`);
}

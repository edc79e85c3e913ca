import { TurnLoop, type TurnTask } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { turn, turns } from '../tck/until.ts';

const test = suite('TurnLoop');

class Task implements TurnTask {
  isScheduled = false;
  readonly pollTurns: number;
  ran = 0;
  onRun: () => void = () => {};

  constructor(pollTurns: number) {
    this.pollTurns = pollTurns;
  }

  onTurn(): void {
    this.ran++;
    this.onRun();
  }
}

/** Turns that the loop stays awake for after a task has run, counted up to `most`. */
async function turnsAwake(loop: TurnLoop, task: Task, most = 50): Promise<number> {
  loop.schedule(task);
  await turn();
  let count = 0;
  while (loop.isAwake && count < most) {
    await turn();
    count++;
  }
  return count;
}

test('runs each task once, in the next turn, however often it asked', async () => {
  const loop = new TurnLoop();
  const tasks = [new Task(0), new Task(0)];
  for (const task of [...tasks, ...tasks]) loop.schedule(task);
  assert.equal(
    tasks.map(({ ran }) => ran),
    [0, 0],
  );
  await turns(3);
  assert.equal(
    tasks.map(({ ran }) => ran),
    [1, 1],
  );
});

test('a task that asks again while it runs has the turn after', async () => {
  const loop = new TurnLoop();
  const task = new Task(0);
  task.onRun = () => {
    if (task.ran < 3) loop.schedule(task);
  };
  loop.schedule(task);
  await turn();
  assert.is(task.ran, 1);
  await turns(5);
  assert.is(task.ran, 3);
});

test('looks for more for as long as its tasks say, and sleeps', async () => {
  assert.ok((await turnsAwake(new TurnLoop(), new Task(0))) <= 1);
  const awake = await turnsAwake(new TurnLoop(), new Task(10));
  assert.ok(awake >= 10 && awake <= 12, `${awake} turns`);
});

test('gives up looking where nothing comes, and tries again after SLEEPS_BETWEEN_TRIALS', async () => {
  const loop = new TurnLoop();
  const task = new Task(10);
  const awake: number[] = [];
  for (let i = 0; i < 140; i++) awake.push(await turnsAwake(loop, task));
  const looked = awake.flatMap((count, i) => (count >= 10 ? [i] : []));
  assert.equal(looked, [0, 1, 65, 129]);
});

test('looks again where something comes', async () => {
  const loop = new TurnLoop();
  const task = new Task(10);
  for (let i = 0; i < 65; i++) await turnsAwake(loop, task);
  loop.schedule(task);
  await turns(4);
  assert.ok(loop.isAwake, 'a trial');
  for (let i = 0; i < 5; i++) {
    loop.onArrival(task);
    await turns(4);
    assert.ok(loop.isAwake, 'looking pays');
  }
  await turns(20);
  assert.not(loop.isAwake);
  assert.ok((await turnsAwake(loop, task)) >= 10, 'one miss is outweighed');
});

test.run();

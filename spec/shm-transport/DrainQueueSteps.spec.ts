/**
 * What other threads may do between any two atomic operations of one, tried at each of them in turn: they come in
 * whole, they take over and stand still in a handler, or the one dies there. `Atomics` separates the steps, so that is
 * where the others come in.
 */
import { DirectBuffer } from 'flysocket/flyweight';
import { DrainQueue, type DrainQueueOptions } from 'flysocket/shm-transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('DrainQueue step by step');

const CAPACITY = 512;
/** More than any of the programs below has. */
const MOST_STEPS = 200;
const OPERATIONS = ['load', 'store', 'compareExchange', 'add'] as const;

class Dead extends Error {}

/** Runs `program` with `before` called ahead of each atomic operation, but for those of `before` itself. */
function inSteps(program: () => void, before: (step: number) => void): void {
  const originals = OPERATIONS.map((name) => Atomics[name]);
  let steps = 0;
  let isInside = false;
  OPERATIONS.forEach((name, i) => {
    const original = originals[i] as (...args: unknown[]) => unknown;
    Object.assign(Atomics, {
      [name]: (...args: unknown[]) => {
        if (!isInside) {
          isInside = true;
          try {
            before(steps++);
          } finally {
            isInside = false;
          }
        }
        return original(...args);
      },
    });
  });
  try {
    program();
  } finally {
    OPERATIONS.forEach((name, i) => {
      Object.assign(Atomics, { [name]: originals[i] });
    });
  }
}

/** A thread that stops at the given point for good: from then on none of its atomic operations takes place. */
function untilDead(program: () => void, diesAt: (step: number) => boolean): boolean {
  let isDead = false;
  try {
    inSteps(program, (step) => {
      isDead ||= diesAt(step);
      if (isDead) throw new Dead();
    });
  } catch (error) {
    if (!(error instanceof Dead)) throw error;
  }
  return isDead;
}

class Scene {
  readonly shared = new SharedArrayBuffer(DrainQueue.lengthFor(CAPACITY));
  readonly handled: number[] = [];
  readonly source = new DirectBuffer(new ArrayBuffer(64));
  readonly #marker = new Int32Array(new SharedArrayBuffer(4));
  now = 0;
  inside = 0;
  mostInside = 0;

  thread(options: DrainQueueOptions = {}): DrainQueue {
    return new DrainQueue(this.shared, { clock: () => this.now, drainTimeoutMs: 100, claimTimeoutMs: 100, ...options });
  }

  offer(queue: DrainQueue, type: number): boolean {
    return queue.offer(type, this.source, 0, 40);
  }

  readonly handler = (type: number): void => {
    this.mostInside = Math.max(this.mostInside, ++this.inside);
    Atomics.load(this.#marker, 0);
    this.handled.push(type);
    this.inside--;
  };

  /** What comes after the bound: looks, waits for the time-outs to pass, looks again, until nothing is left. */
  drainAfterTheBound(): void {
    const heir = this.thread();
    for (let i = 0; i < 4; i++) {
      heir.drain(this.handler);
      this.now += 100;
    }
  }

  times(type: number): number {
    return this.handled.filter((handled) => handled === type).length;
  }
}

/** Calls `run` for each step in turn, until one says that its program ended before that step. */
function atEachStep(run: (at: number) => boolean, fewest: number): void {
  let at = 0;
  while (at < MOST_STEPS && run(at)) at++;
  assert.ok(at >= fewest && at < MOST_STEPS, `${at} steps`);
}

test('another thread offers and drains between any two steps: nothing is left behind or handled twice', () => {
  atEachStep((at) => {
    const scene = new Scene();
    const [one, other] = [scene.thread(), scene.thread()];
    let wasReached = false;
    const program = (): void => {
      assert.ok(scene.offer(one, 1));
      one.drain(scene.handler);
    };
    inSteps(program, (step) => {
      if (step !== at) return;
      wasReached = true;
      assert.ok(scene.offer(other, 2));
      other.drain(scene.handler);
    });
    if (!wasReached) return false;
    assert.equal([...scene.handled].sort(), [1, 2], `at step ${at}`);
    assert.is(scene.mostInside, 1, `at step ${at}`);
    assert.ok(one.isEmpty());
    return true;
  }, 8);
});

test('another thread takes what is there at one step and offers more at a later one: no error, nothing left', () => {
  let pairs = 0;
  for (let from = 0; from < 10; from++) {
    for (let at = from; at < 20; at++) {
      const scene = new Scene();
      const [one, other] = [scene.thread(), scene.thread()];
      scene.offer(other, 2);
      let hasOffered = false;
      inSteps(
        () => one.drain(scene.handler),
        (step) => {
          if (step === from) other.drain(scene.handler);
          if (step === at) hasOffered = scene.offer(other, 1);
        },
      );
      other.drain(scene.handler);
      assert.equal(scene.handled, hasOffered ? [2, 1] : [2], `at steps ${from} and ${at}`);
      assert.ok(one.isEmpty());
      if (hasOffered) pairs++;
    }
  }
  assert.ok(pairs > 20, `${pairs} pairs of steps`);
});

for (const rounds of [1, 2, 3]) {
  test(`an offer is refused only by a full queue, though others go ${rounds} times half round it meanwhile`, () => {
    atEachStep((at) => {
      const scene = new Scene();
      const [one, other] = [scene.thread(), scene.thread()];
      one.offer(2, scene.source, 0, 8);
      for (let i = 0; i < 7; i++) scene.offer(one, 2);
      one.drain(scene.handler);
      let wasReached = false;
      inSteps(
        () => assert.ok(scene.offer(one, 1), `at step ${at}`),
        (step) => {
          if (step !== at) return;
          wasReached = true;
          for (let round = 0; round < rounds; round++) {
            for (let i = 0; i < 5; i++) scene.offer(other, 2);
            other.drain(scene.handler);
          }
        },
      );
      one.drain(scene.handler);
      if (wasReached) assert.is(scene.times(1), 1);
      return wasReached;
    }, 5);
  });
}

test('a thread dies at any step: what was offered is handled, and at most one message twice', () => {
  atEachStep((at) => {
    const scene = new Scene();
    const one = scene.thread();
    for (const type of [1, 2]) scene.offer(one, type);
    let hasOffered = false;
    const died = untilDead(
      () => {
        hasOffered = scene.offer(one, 3);
        one.drain(scene.handler);
      },
      (step) => step === at,
    );
    scene.drainAfterTheBound();
    const times = [1, 2, 3].map((type) => scene.times(type));
    const where = `dead at step ${at}: handled ${scene.handled}`;
    assert.ok((times[0] as number) >= 1 && (times[1] as number) >= 1, where);
    assert.ok(!hasOffered || (times[2] as number) >= 1, where);
    assert.ok(scene.handled.length <= 4 && Math.max(...times) <= 2, where);
    const after = scene.thread();
    assert.ok(scene.offer(after, 4), where);
    scene.drainAfterTheBound();
    assert.is(scene.times(4), 1, where);
    assert.ok(after.isEmpty(), where);
    return died;
  }, 15);
});

test('a sleeper whose claim was taken over at any step does not move the head from under its heir', () => {
  const head = (CAPACITY + CAPACITY / 8 + 384) / 4;
  const positionMask = (2 * CAPACITY) / 32 - 1;
  atEachStep((at) => {
    const scene = new Scene();
    const words = new Int32Array(scene.shared);
    const [sleeper, heir] = [scene.thread(), scene.thread()];
    for (const type of [1, 2, 3]) scene.offer(sleeper, type);
    let headOfHeir = -1;
    let wasReached = false;
    const standStill = (): void => {
      let isInHandler = false;
      for (let look = 0; look < 2; look++) heir.drain(() => assert.unreachable(), 0);
      scene.now += 100;
      untilDead(
        () =>
          heir.drain(() => {
            headOfHeir = (words[head] as number) & positionMask;
            isInHandler = true;
          }),
        () => isInHandler,
      );
    };
    inSteps(
      () => sleeper.drain(scene.handler),
      (step) => {
        if (step !== at) return;
        wasReached = true;
        standStill();
      },
    );
    if (!wasReached) return false;
    assert.ok(at === 0 || headOfHeir >= 0 || scene.handled.length === 3, `at step ${at} the heir drained nothing`);
    if (headOfHeir >= 0) assert.is((words[head] as number) & positionMask, headOfHeir, `taken over at step ${at}`);
    scene.drainAfterTheBound();
    assert.ok(scene.thread().isEmpty());
    for (const type of [1, 2, 3]) assert.ok(scene.times(type) >= 1, `taken over at step ${at}: ${scene.handled}`);
    return true;
  }, 15);
});

test.run();

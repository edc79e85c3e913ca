/**
 * Turns of the event loop for a runtime without setImmediate: one message to ourselves for each. A page clamps nested
 * timers to 4 ms; messages have no such delay, and everything else that is ready has its turn in between.
 */
import type { LinkPort } from './ThreadPlatform.ts';

/** Tasks that have run are taken out of the queue so many at a time. */
const TASKS_PER_SWEEP = 32;

export class TurnQueue {
  #port: LinkPort | undefined;
  readonly #tasks: (() => void)[] = [];
  #next = 0;

  /** Runs `task` in a turn of its own, in the order of the calls. */
  add(task: () => void): void {
    this.#tasks.push(task);
    this.#port ??= this.#newPort();
    this.#port.postMessage(0);
  }

  #newPort(): LinkPort {
    const { port1, port2 }: { port1: LinkPort; port2: object } = new MessageChannel();
    (port2 as { onmessage?: () => void }).onmessage = () => this.#run();
    return port1;
  }

  #run(): void {
    const task = this.#tasks[this.#next++] as () => void;
    if (this.#next === this.#tasks.length || this.#next === TASKS_PER_SWEEP) {
      this.#tasks.splice(0, this.#next);
      this.#next = 0;
    }
    task();
  }
}

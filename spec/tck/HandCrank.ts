/** A scheduler that runs nothing by itself: a test says when, and how much. Allocates nothing in steady state. */
export class HandCrank {
  readonly #tasks: ((() => void) | undefined)[] = [];
  #first = 0;
  #end = 0;
  /** To be handed to whoever schedules. */
  readonly schedule: (task: () => void) => void;

  constructor() {
    this.schedule = (task) => {
      this.#tasks[this.#end++] = task;
    };
  }

  get pending(): number {
    return this.#end - this.#first;
  }

  /** Runs the task that has waited longest. @returns false if there was none */
  step(): boolean {
    if (this.#first === this.#end) return false;
    const task = this.#tasks[this.#first] as () => void;
    this.#tasks[this.#first++] = undefined;
    if (this.#first === this.#end) {
      this.#first = 0;
      this.#end = 0;
    }
    task();
    return true;
  }

  /** Runs `count` tasks, or as many as there are. */
  steps(count: number): void {
    for (let i = 0; i < count && this.step(); i++);
  }

  /** Runs until nothing is left to run. @throws Error if that never comes */
  run(limit = 1_000_000): void {
    for (let i = 0; this.step(); i++) if (i === limit) throw new Error(`still busy after ${limit} tasks`);
  }
}

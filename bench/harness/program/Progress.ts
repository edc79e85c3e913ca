/** Where progress is shown: standard error, if somebody looks at it. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** What a group of cost 1 takes before any has been timed, in milliseconds. */
const FIRST_GUESS_MS = 20_000;
const QUICK_FIRST_GUESS_MS = 2_000;
const CLEAR_LINE = '\r\x1b[K';
const DEFAULT_COLUMNS = 80;

/** One line that says which group is under way and how long the rest takes, by the groups so far. Silent in a file. */
export class Progress {
  readonly #output: ProgressOutput;
  readonly #costs: readonly number[];
  readonly #guessMs: number;
  readonly #now: () => number;
  #group = 0;
  #groupStart: number;
  #doneMs = 0;
  #name = '';

  /** @param costs of the groups, in their order */
  constructor(
    output: ProgressOutput,
    costs: readonly number[],
    isQuick: boolean,
    now: () => number = () => performance.now(),
  ) {
    this.#output = output;
    this.#costs = costs;
    this.#guessMs = isQuick ? QUICK_FIRST_GUESS_MS : FIRST_GUESS_MS;
    this.#now = now;
    this.#groupStart = now();
  }

  begin(name: string): void {
    this.#name = name;
    this.#groupStart = this.#now();
    this.show('');
  }

  /** @param step what is being done */
  show(step: string): void {
    if (!this.#output.isTTY) return;
    const place = `[${this.#group + 1}/${this.#costs.length}]`;
    const line = `${place} ${secondsText(this.leftMs())} left  ${this.#name}  ${step}`;
    this.#output.write(CLEAR_LINE + line.slice(0, (this.#output.columns || DEFAULT_COLUMNS) - 1));
  }

  /** The group is done. */
  end(): void {
    this.#doneMs += this.#now() - this.#groupStart;
    this.#group++;
    if (this.#output.isTTY) this.#output.write(CLEAR_LINE);
  }

  /** What the rest takes, in milliseconds. */
  leftMs(): number {
    const sum = (costs: readonly number[]): number => costs.reduce((total, cost) => total + cost, 0);
    const doneCost = sum(this.#costs.slice(0, this.#group));
    const eachMs = doneCost === 0 ? this.#guessMs : this.#doneMs / doneCost;
    const currentMs = (this.#costs[this.#group] ?? 0) * eachMs - (this.#now() - this.#groupStart);
    return Math.max(0, currentMs) + sum(this.#costs.slice(this.#group + 1)) * eachMs;
  }
}

function secondsText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

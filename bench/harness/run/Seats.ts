import type { GroupSettings } from '../Contender.ts';
import type { Failure, Measured } from '../Measured.ts';
import { ChildLostError } from '../processes/ChildProgram.ts';
import type { Host, StartHost } from '../processes/Host.ts';
import { TimeLimitError, within } from '../processes/within.ts';

/** How long one step of a contender may take, unless its group says otherwise. */
const STEP_TIMEOUT_MS = 60_000;

/** How long one that failed already may take to close. */
const CLOSE_TIMEOUT_MS = 2_000;

/** Where one contender sits. */
export interface Seat {
  readonly name: string;
  readonly host: Host;
  /** Its number there. */
  readonly contender: number;
}

export interface SeatsOptions {
  readonly group: GroupSettings;
  readonly start: StartHost;
  /** Whether each contender has a host of its own. */
  readonly isolated?: boolean;
  /** Told before each step. */
  onStep?(contender: string, doing: string): void;
}

/** Takes the place of a group's end: with a host, contenders were lost that had done nothing. */
class OthersLostError extends Error {}

/**
 * The contenders of a group that are in the race. One that throws, hangs or answers wrongly leaves it, and that is
 * noted by name; the others go on. Where their host went with it, a new one is started for them.
 */
export class Seats {
  readonly failures: Failure[] = [];
  skipped: readonly string[] = [];
  readonly #options: SeatsOptions;
  readonly #out: Set<string> = new Set();
  readonly #hosts: Set<Host> = new Set();
  #seats: Seat[] = [];
  #opened: Seat[] = [];

  private constructor(options: SeatsOptions) {
    this.#options = options;
  }

  /** Seats a group's contenders and lets `work` measure them, once more without him whenever one takes all down. */
  static async fill(options: SeatsOptions, work: (seats: Seats) => Promise<Measured>): Promise<Measured> {
    const seats = new Seats(options);
    for (;;) {
      let doing = 'making its contenders';
      try {
        await seats.#takePlaces();
        doing = 'measuring';
        const measured = await work(seats);
        await seats.#close();
        const { skipped, failures } = seats;
        return { ...measured, skipped: [...skipped, ...(measured.skipped ?? [])], failures };
      } catch (error) {
        if (error instanceof OthersLostError) continue;
        seats.#note(undefined, doing, error);
        return { results: [], ratios: [], skipped: seats.skipped, failures: seats.failures };
      } finally {
        await Promise.all([...seats.#hosts].map((host) => host.stop()));
        seats.#hosts.clear();
      }
    }
  }

  /** Those that are still in the race, in the order of the group. */
  get all(): readonly Seat[] {
    return this.#seats;
  }

  /** Opens, checks and warms up. */
  async prepare(seat: Seat, warmUp: (seat: Seat) => Promise<unknown>): Promise<void> {
    this.#opened.push(seat);
    await this.attempt(seat, 'opening', ({ host, contender }) => host.open(contender));
    await this.verify(seat);
    await this.attempt(seat, 'warming up', warmUp);
  }

  async verify(seat: Seat): Promise<void> {
    await this.attempt(seat, 'checking its answers', ({ host, contender }) => host.verify(contender));
  }

  /**
   * Does one step of a contender.
   * @returns undefined if that failed, or the contender is out already
   */
  async attempt<T>(seat: Seat, doing: string, step: (seat: Seat) => Promise<T>): Promise<T | undefined> {
    if (!this.#seats.includes(seat)) return undefined;
    const { group, onStep } = this.#options;
    onStep?.(seat.name, doing);
    try {
      return await within(step(seat), group.timeoutMs ?? STEP_TIMEOUT_MS, 'not done');
    } catch (error) {
      this.#note(seat.name, doing, error);
      await this.#leave(seat, error);
      return undefined;
    }
  }

  async #takePlaces(): Promise<void> {
    this.#opened = [];
    const { start, isolated = false, group } = this.#options;
    const first = await this.#host(start, []);
    const timeoutMs = group.timeoutMs ?? STEP_TIMEOUT_MS;
    const { contenders, skipped } = await within(first.contents(), timeoutMs, 'not made');
    this.skipped = skipped;
    const names = contenders.map(({ name }) => name);
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    if (twice !== undefined) throw new Error(`two contenders are named ${twice}`);
    this.#seats = [];
    for (const [contender, { name, nodeFlags }] of contenders.entries()) {
      if (this.#out.has(name)) continue;
      const host = isolated ? await this.#host(start, nodeFlags) : first;
      if (isolated) await within(host.contents(), timeoutMs, 'not made');
      this.#seats.push({ name, host, contender });
    }
    if (isolated) await this.#stop(first);
  }

  async #host(start: StartHost, nodeFlags: readonly string[]): Promise<Host> {
    const host = await start(nodeFlags);
    this.#hosts.add(host);
    return host;
  }

  async #stop(host: Host): Promise<void> {
    this.#hosts.delete(host);
    await host.stop();
  }

  #note(contender: string | undefined, doing: string, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    const message = error instanceof TimeLimitError ? `hangs while ${doing}: ${why}` : `fails while ${doing}: ${why}`;
    const { name } = this.#options.group;
    this.failures.push({ group: name, message, ...(contender === undefined ? {} : { contender }) });
  }

  /** Where a contender left by itself its host goes on; else all others of that host begin anew. */
  async #leave(seat: Seat, error: unknown): Promise<void> {
    this.#out.add(seat.name);
    this.#seats = this.#seats.filter((other) => other !== seat);
    if (!(error instanceof TimeLimitError || error instanceof ChildLostError)) return;
    await this.#stop(seat.host);
    if (this.#seats.some(({ host }) => host === seat.host)) throw new OthersLostError();
  }

  async #close(): Promise<void> {
    // Those that are out are closed too: they may hold threads.
    for (const seat of this.#opened) {
      if (!this.#hosts.has(seat.host)) continue;
      if (this.#seats.includes(seat)) await this.#closeOne(seat);
      else await within(seat.host.close(seat.contender), CLOSE_TIMEOUT_MS, 'not closed').catch(() => {});
    }
  }

  async #closeOne(seat: Seat): Promise<void> {
    try {
      await this.attempt(seat, 'closing', ({ host, contender }) => host.close(contender));
    } catch (error) {
      // What was measured is measured: the others are done too.
      if (!(error instanceof OthersLostError)) throw error;
    }
  }
}

import type { Allocation } from '../../bench/harness/allocation/Allocation.ts';
import type { Measured } from '../../bench/harness/Measured.ts';
import type { GroupContents, Host, RoundResult, Trial } from '../../bench/harness/processes/Host.ts';

/** What one contender of a FakeHost does at each step; by default all goes well at once. */
export interface Behaviour {
  readonly name: string;
  readonly open?: () => Promise<void>;
  readonly verify?: () => Promise<void>;
  /** Operations per second of the round, counted from 0, warm-up included. */
  readonly round?: (round: number) => number | Promise<number>;
  readonly close?: () => Promise<void>;
}

const NEVER: Promise<never> = new Promise(() => {});

/** A step that never ends. */
export const hang = (): Promise<never> => NEVER;

/** Contenders that take no time, and a log of what was asked of them. */
export class FakeHost implements Host {
  readonly #behaviours: readonly Behaviour[];
  readonly #log: string[];
  readonly #rounds: number[] = [];

  constructor(behaviours: readonly Behaviour[], log: string[] = []) {
    this.#behaviours = behaviours;
    this.#log = log;
  }

  async contents(): Promise<GroupContents> {
    return { contenders: this.#behaviours.map(({ name }) => ({ name, nodeFlags: [] })), skipped: ['absent: why'] };
  }

  async open(contender: number): Promise<void> {
    await this.#say('open', contender).open?.();
  }

  async verify(contender: number): Promise<void> {
    await this.#say('verify', contender).verify?.();
  }

  async round(contender: number): Promise<RoundResult> {
    const round = this.#rounds[contender] ?? 0;
    this.#rounds[contender] = round + 1;
    const { round: speed = () => 1 } = this.#say('round', contender);
    const perSecond = await speed(round);
    return { perSecond, operations: 1_000, collections: 1, rssBytes: 5e7, percentiles: {} };
  }

  async trial(contender: number, operations: number): Promise<Trial> {
    this.#say('trial', contender);
    return { operations, milliseconds: operations };
  }

  load(contender: number): Promise<RoundResult> {
    return this.round(contender);
  }

  async allocation(contender: number): Promise<Allocation> {
    this.#say('allocation', contender);
    return { heapBytes: 8, arrayBufferBytes: 16 };
  }

  async operate(contender: number): Promise<number> {
    this.#say('operate', contender);
    return 5e7;
  }

  async measure(): Promise<Measured> {
    return { results: [], ratios: [] };
  }

  async close(contender: number): Promise<void> {
    await this.#say('close', contender).close?.();
  }

  async stop(): Promise<void> {
    this.#log.push('stop');
  }

  #say(step: string, contender: number): Behaviour {
    const behaviour = this.#behaviours[contender] as Behaviour;
    this.#log.push(`${step} ${behaviour.name}`);
    return behaviour;
  }
}

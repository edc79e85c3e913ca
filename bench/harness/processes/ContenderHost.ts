import type { AnyGroup } from '../AnyGroup.ts';
import type { Allocation } from '../allocation/Allocation.ts';
import type { AllocationEffort } from '../allocation/bytesPerOperation.ts';
import { CollectionCounter } from '../allocation/CollectionCounter.ts';
import { collectGarbage, collectYoungGarbage } from '../allocation/collectGarbage.ts';
import type { Contender } from '../Contender.ts';
import type { Load, LoadContender } from '../LoadGroup.ts';
import type { Measured } from '../Measured.ts';
import type { GroupContents, Host, RoundResult, Trial } from './Host.ts';

/** Whole batches; of those that were cut one is enough. */
const LEAST_BATCHES = 2;

/** How much of the load's time its requests may take longer before they count as unanswered. */
const DRAIN_MS = 5_000;

/**
 * The contenders of one group in this process. It loads only what is asked of it, so that a process whose memory is
 * looked at holds little else than its contender.
 */
export class ContenderHost implements Host {
  readonly #group: AnyGroup;
  readonly #collections: CollectionCounter = new CollectionCounter();
  #contenders: (Contender | LoadContender)[] = [];

  constructor(group: AnyGroup) {
    this.#group = group;
  }

  async contents(): Promise<GroupContents> {
    if ('measure' in this.#group) return { contenders: [], skipped: [] };
    const skipped: string[] = [];
    this.#contenders = [];
    for (const each of await this.#group.contenders()) {
      if ('skipped' in each) skipped.push(`${each.name}: ${each.skipped}`);
      else this.#contenders.push(each);
    }
    return { contenders: this.#contenders.map(({ name, nodeFlags = [] }) => ({ name, nodeFlags })), skipped };
  }

  async open(contender: number): Promise<void> {
    await this.#any(contender).open?.();
  }

  async verify(contender: number): Promise<void> {
    await this.#any(contender).verify();
  }

  async round(contender: number, milliseconds: number, mostOperations?: number): Promise<RoundResult> {
    const each = this.#contender(contender);
    if ('unit' in this.#group && this.#group.unit === 'us' && each.roundTrips === undefined) {
      throw new Error(`its group measures times, and it has no roundTrips`);
    }
    each.roundTrips?.clear();
    const operations = Math.max(1, Math.min(each.batch, Math.floor(mostOperations ?? each.batch)));
    const leastBatches = operations < each.batch ? 1 : LEAST_BATCHES;
    const { runBatches } = await import('../run/runBatches.ts');
    if (mostOperations === undefined) collectGarbage();
    else collectYoungGarbage();
    return this.#watching(async () => {
      const { batchMs, batches } = await runBatches(each, operations, milliseconds, leastBatches);
      return {
        perSecond: (operations / batchMs) * 1000,
        operations: batches * operations,
        percentiles: each.roundTrips?.percentiles() ?? {},
      };
    });
  }

  async trial(contender: number, mostOperations: number): Promise<Trial> {
    const each = this.#contender(contender);
    const operations = Math.max(1, Math.min(each.batch, Math.floor(mostOperations)));
    const start = performance.now();
    const running = each.run(operations);
    const milliseconds = (each.isAsync ? await running : running) as number | undefined;
    return { operations, milliseconds: milliseconds ?? performance.now() - start };
  }

  async allocation(contender: number, effort: AllocationEffort): Promise<Allocation | undefined> {
    const { bytesPerOperation } = await import('../allocation/bytesPerOperation.ts');
    return bytesPerOperation(this.#contender(contender), effort);
  }

  async operate(contender: number, operations: number): Promise<number> {
    const each = this.#contender(contender);
    for (let done = 0; done < operations; done += each.batch) {
      const running = each.run(Math.min(each.batch, operations - done));
      if (each.isAsync) await running;
    }
    return process.memoryUsage.rss();
  }

  async load(contender: number, load: Load, milliseconds: number): Promise<RoundResult> {
    const each = this.#loadContender(contender);
    const request = (sequence: number): Promise<unknown> => each.request(sequence);
    const { closedLoop } = await import('../load/closedLoop.ts');
    const { openLoop } = await import('../load/openLoop.ts');
    const options = { durationMs: milliseconds, drainMs: DRAIN_MS };
    collectGarbage();
    return this.#watching(async () => {
      const result = await (load.kind === 'open'
        ? openLoop(request, { ...load, ...options })
        : closedLoop(request, { ...load, ...options }));
      const seconds = Math.max(milliseconds, result.milliseconds) / 1000;
      return {
        perSecond: result.answered / seconds,
        operations: result.answered,
        percentiles: result.latency.percentiles(),
      };
    });
  }

  async measure(isQuick: boolean): Promise<Measured> {
    if (!('measure' in this.#group)) throw new Error(`${this.#group.name} has contenders`);
    return this.#group.measure(isQuick);
  }

  async close(contender: number): Promise<void> {
    await this.#any(contender).close?.();
  }

  async stop(): Promise<void> {
    this.#collections.stop();
  }

  async #watching(
    work: () => Promise<Pick<RoundResult, 'perSecond' | 'operations' | 'percentiles'>>,
  ): Promise<RoundResult> {
    const before = await this.#collections.count();
    const result = await work();
    const rssBytes = process.memoryUsage.rss();
    return { ...result, rssBytes, collections: (await this.#collections.count()) - before };
  }

  #any(index: number): Contender | LoadContender {
    const contender = this.#contenders[index];
    if (contender === undefined) throw new Error(`${this.#group.name} has no contender ${index}`);
    return contender;
  }

  #contender(index: number): Contender {
    const contender = this.#any(index);
    if (!('run' in contender)) throw new Error(`${contender.name} answers single requests`);
    return contender;
  }

  #loadContender(index: number): LoadContender {
    const contender = this.#any(index);
    if (!('request' in contender)) throw new Error(`${contender.name} answers no single requests`);
    return contender;
  }
}

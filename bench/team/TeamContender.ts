import type { Allocation, Contender } from '../harness/index.ts';
import { ThreadTeam } from './ThreadTeam.ts';

/** A contender that is several threads, of which the bench's own is one. */
export abstract class TeamContender implements Contender {
  readonly isAsync = false;
  readonly name: string;
  readonly batch: number;
  protected readonly team: ThreadTeam = new ThreadTeam();

  constructor(name: string, batch: number) {
    this.name = name;
    this.batch = batch;
  }

  abstract open(): Promise<void>;
  abstract verify(): void;

  run(count: number): number {
    return this.work(count, false);
  }

  runMeasuringPeer(count: number): Allocation {
    this.work(count, true);
    return this.team.allocation();
  }

  async close(): Promise<void> {
    await this.team.close();
  }

  /**
   * Does `count` operations with all threads, and checks what came of them.
   * @param isMeasured whether the other threads look at what they allocate
   * @returns milliseconds
   */
  protected abstract work(count: number, isMeasured: boolean): number;
}

import type { RatioRow, ResultRow } from '../harness/Measured.ts';
import type { BenchRecord } from '../harness/records/BenchRecord.ts';

/** All that is known of a set of groups: each as the last of the records has it. */
export class Evidence {
  /** Those of which something is taken, in the order in which they were given. */
  readonly records: readonly BenchRecord[];
  readonly #recordOf: Map<string, BenchRecord> = new Map();

  /** @param records of one machine, the oldest first */
  constructor(records: readonly BenchRecord[]) {
    for (const record of records) {
      for (const { group } of record.results) this.#recordOf.set(group, record);
    }
    const taken = new Set(this.#recordOf.values());
    this.records = records.filter((record) => taken.has(record));
  }

  /** Their names, in the order in which they were first measured. */
  get groups(): string[] {
    return [...this.#recordOf.keys()];
  }

  /** @param group one that is there */
  recordOf(group: string): BenchRecord {
    const record = this.#recordOf.get(group);
    if (record === undefined) throw new Error(`no record has a group named ${group}`);
    return record;
  }

  /** @param groups their names, or how these begin: `counter/`. Default: all */
  rows(groups = ''): ResultRow[] {
    return this.#named(groups).flatMap((name) => this.recordOf(name).results.filter(({ group }) => group === name));
  }

  /** Of one figure, if it was measured. */
  row(group: string, contender: string, unit?: string): ResultRow | undefined {
    return this.rows(group).find(
      (row) => row.group === group && row.contender === contender && (unit === undefined || row.unit === unit),
    );
  }

  /** @param groups their names, or how these begin. Default: all */
  ratios(groups = ''): RatioRow[] {
    return this.#named(groups).flatMap((name) =>
      this.recordOf(name).ratios.filter((ratio) => ratio.name.startsWith(`${name}: `)),
    );
  }

  /** What could not be measured, and why, in any of the records. */
  get skipped(): string[] {
    return [...new Set(this.records.flatMap(({ skipped }) => skipped))];
  }

  #named(beginning: string): string[] {
    return this.groups.filter((name) => name.startsWith(beginning));
  }
}

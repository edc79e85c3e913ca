import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchRecord } from '../harness/records/BenchRecord.ts';
import { RecordError, readRecord } from '../harness/records/readRecord.ts';

export interface FoundRecords {
  /** The oldest first. */
  readonly records: readonly BenchRecord[];
  /** Why a file is not among them. */
  readonly refused: readonly string[];
}

/**
 * Reads the records of one machine.
 * @param folder with a folder for each machine
 * @param machine which of them. Default: the one with the newest record
 * @throws RecordError if there is none
 */
export function findRecords(folder: string, machine?: string): FoundRecords {
  const machines = machine === undefined ? foldersIn(folder) : [machine];
  const found = machines.map((name) => readFolder(join(folder, name))).filter(({ records }) => records.length > 0);
  const newest = ({ records }: FoundRecords): string => (records.at(-1) as BenchRecord).date;
  const last = found.sort((a, b) => newest(a).localeCompare(newest(b))).at(-1);
  if (last === undefined) throw new RecordError(`${join(folder, machine ?? '')}: no record that can be read`);
  return last;
}

/**
 * Reads these records.
 * @throws RecordError if one of them can't be read, or they are of several machines
 */
export function readRecords(paths: readonly string[]): FoundRecords {
  const records = paths.map(readRecord).sort(byDate);
  const machines = new Set(records.map(({ machine: { cpu, cores, node } }) => `${cpu}, ${cores} cores, Node ${node}`));
  if (machines.size > 1) throw new RecordError(`of several machines: ${[...machines].join('; ')}`);
  return { records, refused: [] };
}

function readFolder(folder: string): FoundRecords {
  const records: BenchRecord[] = [];
  const refused: string[] = [];
  for (const file of namesIn(folder).filter((name) => name.endsWith('.json'))) {
    try {
      records.push(readRecord(join(folder, file)));
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      refused.push(error.message);
    }
  }
  return { records: records.sort(byDate), refused };
}

function foldersIn(folder: string): string[] {
  return namesIn(folder).filter((name) => statSync(join(folder, name)).isDirectory());
}

/** Nothing, if there is no such folder. */
function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function byDate(a: BenchRecord, b: BenchRecord): number {
  return a.date.localeCompare(b.date);
}

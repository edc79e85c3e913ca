import { cpus, loadavg, release, totalmem } from 'node:os';

/** What a run was made on. */
export interface Machine {
  readonly node: string;
  readonly v8: string;
  readonly os: string;
  readonly arch: string;
  /** The processor's model. */
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
}

/** This machine. */
export function thisMachine(): Machine {
  const cores = cpus();
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    os: `${process.platform} ${release()}`,
    arch: process.arch,
    cpu: cores[0]?.model.trim() || 'unknown',
    cores: cores.length,
    memoryBytes: totalmem(),
  };
}

/** What this machine has to do: how many threads want to run, over 1, 5 and 15 minutes; 0 where that isn't known. */
export function loadAverage(): number[] {
  return loadavg().map((load) => Math.round(load * 100) / 100);
}

/** What a machine's folder of records is called unless said: `amd-epyc-2-cores`. */
export function machineName({ cpu, cores }: Machine): string {
  const words = `${cpu} ${cores} cores`.toLowerCase().replace(/\((r|tm)\)|\bcpu\b|@.*ghz|\d+-core|processor/g, ' ');
  return words.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}

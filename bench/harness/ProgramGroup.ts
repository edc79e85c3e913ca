/** One measured figure of one contender. */
export interface ResultRow {
  readonly group: string;
  readonly contender: string;
  readonly unit: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly bytesPerOp: number;
}

export interface RatioRow {
  readonly name: string;
  readonly value: number;
  readonly goal: number;
  readonly lowerIsBetter: boolean;
}

export interface Measured {
  readonly results: ResultRow[];
  readonly ratios: RatioRow[];
}

/** A group that measures in its own way, in a process of its own, rather than contenders in turns. */
export interface ProgramGroup {
  readonly name: string;
  measure(isQuick: boolean): Promise<Measured>;
}

import type { PlotOptions } from '@observablehq/plot';
import type { Evidence } from '../Evidence.ts';

/** Where a figure is drawn. */
export interface Canvas {
  /** In CSS pixels. */
  readonly width: number;
  /** Whether there is a pointer to answer to; a file has none. */
  readonly hasPointer: boolean;
}

/** A picture of what was measured: the same in a page and in a file. */
export interface Figure {
  /** Unique; the name of its file. */
  readonly id: string;
  readonly title: string;
  /** What is to be seen, and how to read it. */
  readonly caption: string;
  /** @returns undefined if nothing of it was measured */
  plot(evidence: Evidence, canvas: Canvas): PlotOptions | undefined;
}

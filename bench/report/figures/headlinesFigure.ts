import { figure } from '../../harness/program/table.ts';
import { type HeadlineLine, headlineLines } from '../headlineLines.ts';
import { headlines } from '../headlines.ts';
import { ratioText } from './axisText.ts';
import { dotRows } from './dotRows.ts';
import type { Figure } from './Figure.ts';

/** The table of the README as a picture. */
export const headlinesFigure: Figure = {
  id: 'headlines',
  title: 'By how many times it is faster than what one would use otherwise',
  caption: 'Throughput, or time turned round; bars are 95 % intervals.',
  plot(evidence, canvas) {
    const lines = headlineLines(evidence, headlines);
    if (lines.length === 0) return undefined;
    const rows = lines.map((line) => ({
      label: nameOf(line),
      value: line.better,
      low: line.interval?.low,
      high: line.interval?.high,
      text: `${figure(line.better)}x`,
      colour: line.better >= 1 ? 'var(--ours-1)' : 'var(--missed)',
    }));
    return dotRows([{ title: '', rows }], { label: 'times faster', tickFormat: ratioText, line: 1 }, canvas);
  },
};

function nameOf({ label, otherwise }: HeadlineLine): string {
  return `${label} / ${otherwise}`.replaceAll('`', '');
}

import { figure } from '../harness/program/table.ts';
import type { Evidence } from './Evidence.ts';
import { type HeadlineLine, headlineLines } from './headlineLines.ts';
import { headlines } from './headlines.ts';

const BEGIN = '<!-- table -->';
const END = '<!-- /table -->';

/**
 * Puts the table of headlines where the README has a place for it.
 * @throws Error if it has none
 */
export function withReadmeTable(readme: string, evidence: Evidence): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README.md has no place for the table: ${BEGIN} and ${END}`);
  const rows = headlineLines(evidence, headlines).map(row);
  const table = ['|     | flysocket | otherwise | ratio |', '| --- | --------- | --------- | ----- |', ...rows].join(
    '\n',
  );
  return `${readme.slice(0, begin)}${BEGIN}\n\n${table}\n\n${readme.slice(end)}`;
}

function row({ label, oursText, theirsText, otherwise, better }: HeadlineLine): string {
  return `| ${label} | ${oursText} | ${theirsText} (${otherwise}) | ${figure(better)} |`;
}

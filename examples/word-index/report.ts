import { MEGABYTE } from './arguments.ts';
import type { MergedIndex } from './MergedIndex.ts';
import { MAX_ROUNDS, ROUNDS_LIMIT_SECONDS, type WayResult, type Work } from './runWay.ts';
import type { LeftOut, TextFiles } from './textFiles.ts';

const SHOWN_WORDS = 10;

/** What is going to be indexed, and what is not. */
export function describeFiles({ files, bytes, leftOut }: TextFiles, folder: string): string {
  const reasons: [keyof LeftOut, string][] = [
    ['binary', 'not text'],
    ['tooLong', 'too long'],
    ['overLimit', 'beyond the limit'],
    ['unreadable', 'unreadable'],
  ];
  const left = reasons.filter(([key]) => leftOut[key] > 0).map(([key, reason]) => `${leftOut[key]} ${reason}`);
  const sum = `${format(files.length)} text files, ${(bytes / MEGABYTE).toFixed(1)} MB, below ${folder}`;
  return left.length === 0 ? sum : `${sum} (left out: ${left.join(', ')})`;
}

/** Under which conditions the ways ran. */
export function conditions({ lines, workers }: Work): string {
  return [
    `${format(lines)} lines. One thread reads, ${workers === 1 ? 'one other indexes' : `${workers} others index`}.`,
    `Each way: fresh workers, the median of ${MAX_ROUNDS} rounds or of those begun within ${ROUNDS_LIMIT_SECONDS} s.`,
    'All files were read once before, so that none has to wait for the disk; memory is that of the whole process.',
  ].join('\n');
}

/** One row a way, aligned. @param yardstick the name of the way that the others are compared with */
export function comparison(results: readonly WayResult[], yardstick: string): string {
  const standard = results.find(({ name }) => name === yardstick);
  const header = ['', 'seconds', 'lines/s', 'MB/s', 'peak RSS', `against ${yardstick}`];
  const rows = results.map((result) => [
    result.name,
    result.seconds.toFixed(3),
    format(result.linesPerSecond),
    result.megabytesPerSecond.toFixed(1),
    `${result.peakRssMegabytes.toFixed(0)} MB`,
    standard === undefined ? '' : `${(standard.seconds / result.seconds).toFixed(2)} x as fast`,
  ]);
  return table([header, ...rows]);
}

/** That all ways agree, and on what. */
export function agreement({ answers, words }: MergedIndex): string {
  const frequent = words.mostFrequent(SHOWN_WORDS).map(({ word, count }) => `${word} ${format(count)}`);
  const occurrences = answers.reduce((sum, answer) => sum + answer.words, 0);
  return [
    `most frequent words: ${frequent.join(', ')}`,
    `all answers agree: ${format(answers.length)} files, ${format(occurrences)} words, ${format(words.size)} different`,
  ].join('\n');
}

function format(n: number): string {
  return n.toLocaleString('en-US');
}

function table(rows: readonly string[][]): string {
  const widths = (rows[0] as string[]).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] as string).length)),
  );
  const aligned = (cell: string, column: number): string => {
    const width = widths[column] as number;
    return column === 0 ? cell.padEnd(width) : cell.padStart(width);
  };
  return rows.map((row) => row.map(aligned).join('   ')).join('\n');
}

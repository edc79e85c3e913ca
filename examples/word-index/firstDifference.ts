import type { FileAnswer } from './FileAnswer.ts';
import type { MergedIndex } from './MergedIndex.ts';
import type { TextFile } from './textFiles.ts';

const COMPARED = ['lines', 'words', 'bytes', 'checksum'] as const;

/** What two ways answered differently, file by file and then word by word; undefined if nothing. */
export function firstDifference(
  files: readonly TextFile[],
  nameA: string,
  a: MergedIndex,
  nameB: string,
  b: MergedIndex,
): string | undefined {
  const differ = (what: string, valueA: unknown, valueB: unknown): string =>
    `${what}: ${nameA} says ${valueA}, ${nameB} says ${valueB}`;
  for (const [number, { path }] of files.entries()) {
    const answerA = a.answers[number];
    const answerB = b.answers[number];
    for (const field of COMPARED) {
      if (fieldOf(answerA, field) !== fieldOf(answerB, field)) {
        return differ(`${field} of ${path}`, fieldOf(answerA, field), fieldOf(answerB, field));
      }
    }
  }
  for (let slot = 0; slot < a.words.slots; slot++) {
    const countA = a.words.countAt(slot);
    const countB = countA === 0 ? 0 : b.words.countOf(a.words, slot);
    if (countA !== countB) return differ(`occurrences of "${a.words.wordAt(slot)}"`, countA, countB);
  }
  if (a.words.size !== b.words.size) return differ('different words', a.words.size, b.words.size);
  return undefined;
}

function fieldOf(answer: FileAnswer | undefined, field: (typeof COMPARED)[number]): number | string {
  return answer === undefined ? 'nothing' : answer[field];
}

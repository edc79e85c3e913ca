const HIGHEST_FLAG = 0b000000_1000000000;

/**
 * Flags as letters, for logs: `-M-C-` for M and C on a frame whose flags are `IMFCN`. Allocates.
 * @param letters the letter of each flag bit, from the highest (I) down; bits beyond the letters are not shown
 */
export function flagsToString(flags: number, letters: string): string {
  let text = '';
  for (let i = 0; i < letters.length; i++) text += flags & (HIGHEST_FLAG >>> i) ? letters[i] : '-';
  return text;
}

/**
 * Finds the text below a folder: files without a NUL byte in their first 8 KiB, in the order of their paths. Symbolic
 * links are not followed. What is left out is counted, by its reason.
 */
import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Longest file that is indexed, in bytes: all of it may be one line, and a payload of this length is the longest that a
 * peer puts together from fragments unless told otherwise.
 */
export const MAX_FILE_LENGTH: number = 16 * 1024 * 1024;
/** How much of a file is searched for a NUL byte. */
const SNIFF_LENGTH = 8 * 1024;

export interface TextFile {
  readonly path: string;
  /** In bytes, when it was listed: so much of it is read, even if it grows. */
  readonly length: number;
}

export interface LeftOut {
  binary: number;
  unreadable: number;
  /** Longer than `MAX_FILE_LENGTH`. */
  tooLong: number;
  /** Would have made the sum exceed the limit. */
  overLimit: number;
}

export interface TextFiles {
  readonly files: readonly TextFile[];
  /** Sum of the lengths of `files`. */
  readonly bytes: number;
  readonly leftOut: Readonly<LeftOut>;
}

/** @param limitBytes a file with which the sum would exceed this is left out, a later one that fits is not */
export function textFilesBelow(folder: string, limitBytes: number): TextFiles {
  const files: TextFile[] = [];
  const leftOut: LeftOut = { binary: 0, unreadable: 0, tooLong: 0, overLimit: 0 };
  const sniffed = new Uint8Array(SNIFF_LENGTH);
  let bytes = 0;
  for (const path of filesBelow(folder, leftOut)) {
    try {
      const length = lstatSync(path).size;
      if (length > MAX_FILE_LENGTH) leftOut.tooLong++;
      else if (bytes + length > limitBytes) leftOut.overLimit++;
      else if (!isText(path, Math.min(length, SNIFF_LENGTH), sniffed)) leftOut.binary++;
      else {
        files.push({ path, length });
        bytes += length;
      }
    } catch {
      leftOut.unreadable++;
    }
  }
  return { files, bytes, leftOut };
}

function* filesBelow(folder: string, leftOut: LeftOut): Generator<string> {
  let entries: { name: string; isFile(): boolean; isDirectory(): boolean }[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    leftOut.unreadable++;
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isFile()) yield path;
    else if (entry.isDirectory()) yield* filesBelow(path, leftOut);
  }
}

function isText(path: string, length: number, sniffed: Uint8Array): boolean {
  const file = openSync(path, 'r');
  try {
    const read = readSync(file, sniffed, 0, length, 0);
    const nul = sniffed.indexOf(0);
    return nul < 0 || nul >= read;
  } finally {
    closeSync(file);
  }
}

import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Host } from './Host.ts';
import { MAX_INPUT_BYTES } from './limits.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The bytes that a value of the command line stands for: `-` is standard input, `@FILE` a file, else it is the text.
 * @throws Error if there are more than `MAX_INPUT_BYTES`
 */
export async function readInput(value: string, host: Host): Promise<Uint8Array> {
  if (value === '-') return readAll(host.stdin);
  if (!value.startsWith('@')) return new TextEncoder().encode(value);
  const path = value.slice(1);
  if (statSync(path).size > MAX_INPUT_BYTES) throw tooLong(path);
  return readFile(path);
}

/** The lines of a stream as they come, without their ends. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of stream) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      yield withoutReturn(join([rest, chunk.subarray(from, end)]));
      rest = new Uint8Array(0);
      from = end + 1;
    }
    rest = join([rest, chunk.subarray(from)]);
    if (rest.length > MAX_INPUT_BYTES) throw tooLong('a line');
  }
  if (rest.length > 0) yield rest;
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_INPUT_BYTES) throw tooLong('standard input');
  }
  return join(chunks);
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}

function tooLong(what: string): Error {
  return new Error(`${what} is too long for a payload: more than ${MAX_INPUT_BYTES} bytes`);
}

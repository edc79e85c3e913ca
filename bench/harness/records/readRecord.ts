import { readFileSync } from 'node:fs';
import type { ResultRow } from '../Measured.ts';
import { type BenchRecord, RECORD_FORMAT, RECORD_VERSION } from './BenchRecord.ts';

/** A file is no record that can be read; the message says why. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

/**
 * Reads a record.
 * @throws RecordError if the file can't be read, is damaged, or of another version
 */
export function readRecord(path: string): BenchRecord {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new RecordError(`${path}: can't be read: ${messageOf(error)}`);
  }
  return parseRecord(text, path);
}

/**
 * Takes a record from its text.
 * @param path how it is called in errors
 * @throws RecordError
 */
export function parseRecord(text: string, path: string): BenchRecord {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    throw new RecordError(`${path}: damaged: ${messageOf(error)}`);
  }
  if (!isObject(record)) throw new RecordError(`${path}: no record: it holds no object`);
  const { format, version } = record;
  if (format === undefined && version === undefined && Array.isArray(record['results']))
    throw new RecordError(`${path}: a record of version 1, which is read no more; measure again`);
  if (format !== RECORD_FORMAT) throw new RecordError(`${path}: no record: its format is ${JSON.stringify(format)}`);
  if (version !== RECORD_VERSION) {
    throw new RecordError(`${path}: a record of version ${JSON.stringify(version)}; this reads ${RECORD_VERSION}`);
  }
  const wrong = whatIsWrongWith(record);
  if (wrong !== undefined) throw new RecordError(`${path}: damaged: ${wrong}`);
  return record as unknown as BenchRecord;
}

type Fields = Readonly<Record<string, unknown>>;

function whatIsWrongWith(record: Fields): string | undefined {
  if (typeof record['date'] !== 'string') return 'no date';
  if (!isObject(record['machine'])) return 'no machine';
  const noise = record['noise'];
  if (!isObject(noise) || !isFigure(noise['spread']) || !isFigure(noise['loopMs'])) return 'no noise';
  for (const list of ['results', 'ratios', 'skipped', 'failures', 'loadBefore', 'loadAfter']) {
    if (!Array.isArray(record[list])) return `no ${list}`;
  }
  for (const [index, row] of (record['results'] as unknown[]).entries()) {
    if (!isResultRow(row)) return `results[${index}] is no result`;
  }
  for (const [index, row] of (record['ratios'] as unknown[]).entries()) {
    if (!isObject(row) || typeof row['name'] !== 'string') return `ratios[${index}] is no ratio`;
  }
  return undefined;
}

function isResultRow(row: unknown): row is ResultRow {
  if (!isObject(row)) return false;
  const { group, contender, unit, median, samples = [] } = row;
  const hasNames = [group, contender, unit].every((name) => typeof name === 'string');
  return hasNames && isFigure(median) && Array.isArray(samples) && samples.every(isFigure);
}

function isFigure(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

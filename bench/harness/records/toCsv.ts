import type { ResultRow } from '../Measured.ts';

const COLUMNS = [
  'group',
  'contender',
  'unit',
  'median',
  'min',
  'max',
  'heapBytesPerOp',
  'arrayBufferBytesPerOp',
  'collectionsPerMillion',
] as const;

/** Results as a table for spreadsheets (RFC 4180), with a line of names; what was not measured is empty. */
export function toCsv(rows: readonly ResultRow[]): string {
  const lines = rows.map((row) => COLUMNS.map((column) => field(row[column])));
  return [COLUMNS, ...lines].map((fields) => `${fields.join(',')}\r\n`).join('');
}

function field(value: string | number | undefined): string {
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

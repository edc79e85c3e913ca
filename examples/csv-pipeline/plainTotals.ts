import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Totals } from './Totals.ts';

const ORDER = /^(\d+),([^,]*),(?:"(?:[^"]|"")*"|[^,]*),([^,]*),([^,]*)$/;

/** The same without threads, blocks and parser: line by line, by a regular expression. */
export async function plainTotals(path: string): Promise<Totals> {
  const totals = new Totals();
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const [, order, country, quantity, price] = ORDER.exec(line) ?? [];
    if (order === undefined || country === undefined) continue;
    if (Number.isNaN(Number(quantity))) {
      totals.add({ kind: 'fault', order, why: `the quantity is "${quantity}"` });
      continue;
    }
    const cents = Number(quantity) * Math.round(Number(price) * 100);
    const sum = { orders: 1, quantity: Number(quantity), cents };
    totals.add({ kind: 'sums', countries: new Map([[country, sum]]) });
  }
  return totals;
}

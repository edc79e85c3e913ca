/** What runs in the worker threads. */
import type { Finding, Sum } from './Finding.ts';
import { recordsIn } from './recordsIn.ts';

const decoder = new TextDecoder();
const FIELDS = 5;

/** @param block lines of the file, where they lie in memory that threads share: it is there until this has ended */
export function* findings(block: Uint8Array): Generator<Finding> {
  const countries = new Map<string, Sum>();
  for (const record of recordsIn(decoder.decode(block))) {
    const [order = '', country = '', , quantity = '', price = ''] = record;
    if (order === 'order') continue; // the line of titles
    const why = faultOf(record);
    if (why === undefined) addTo(countries, country, Number(quantity), Math.round(Number(price) * 100));
    else yield { kind: 'fault', order, why };
  }
  yield { kind: 'sums', countries };
}

function faultOf({ length, 3: quantity, 4: price }: string[]): string | undefined {
  if (length !== FIELDS) return `it has ${length} fields`;
  if (!/^\d+$/.test(quantity as string)) return `the quantity is "${quantity}"`;
  return /^\d+(\.\d+)?$/.test(price as string) ? undefined : `the price is "${price}"`;
}

function addTo(countries: Map<string, Sum>, country: string, quantity: number, price: number): void {
  let sum = countries.get(country);
  if (sum === undefined) {
    sum = { orders: 0, quantity: 0, cents: 0 };
    countries.set(country, sum);
  }
  sum.orders++;
  sum.quantity += quantity;
  sum.cents += quantity * price;
}

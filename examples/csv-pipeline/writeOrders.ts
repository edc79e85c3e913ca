import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const COUNTRIES = ['Austria', 'Brazil', 'Canada', 'Denmark', 'Estonia', 'France', 'Ghana', 'Côte d’Ivoire'];
const ITEMS = ['lamp', '"lamp, large"', '"lamp ""Nova"""', 'chair', '"table, round, ""Luna"""'];
const ROWS_PER_CHUNK = 1_000;
/** One row in that many can't be read. */
const ROWS_PER_FAULT = 4_999;

/** Writes a CSV file of that many orders, the same each time: `order,country,item,quantity,price`. */
export function writeOrders(path: string, rows: number): Promise<void> {
  return pipeline(Readable.from(chunksOf(rows)), createWriteStream(path));
}

function* chunksOf(rows: number): Generator<string> {
  yield 'order,country,item,quantity,price\n';
  const random = newRandom();
  for (let first = 1; first <= rows; first += ROWS_PER_CHUNK) {
    let chunk = '';
    for (let order = first; order < first + ROWS_PER_CHUNK && order <= rows; order++) {
      const country = COUNTRIES[random() % COUNTRIES.length];
      const quantity = order % ROWS_PER_FAULT === 0 ? 'some' : 1 + (random() % 20);
      chunk += `${order},${country},${ITEMS[random() % ITEMS.length]},${quantity},${(random() % 100_000) / 100}\n`;
    }
    yield chunk;
  }
}

/** Whole numbers from 0 on that look like chance, and are the same each time: xorshift. */
function newRandom(): () => number {
  let state = 0x2545f491;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

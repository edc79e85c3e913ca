import type { Finding, Sum } from './Finding.ts';

const FAULTS_SHOWN = 3;

/** What has been found in all blocks. */
export class Totals {
  readonly #countries: Map<string, Sum> = new Map();
  readonly #faults: Map<number, string> = new Map();

  add(finding: Finding): void {
    if (finding.kind === 'fault') {
      this.#faults.set(Number(finding.order), finding.why);
      return;
    }
    for (const [country, { orders, quantity, cents }] of finding.countries) {
      const sum = this.#countries.get(country) ?? { orders: 0, quantity: 0, cents: 0 };
      this.#countries.set(country, {
        orders: sum.orders + orders,
        quantity: sum.quantity + quantity,
        cents: sum.cents + cents,
      });
    }
  }

  /** A table, the same for the same findings in whatever order they came. */
  toString(): string {
    const lines = [...this.#countries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([country, { orders, quantity, cents }]) => {
        const amount = (cents / 100).toFixed(2);
        return `${country.padEnd(14)} ${cell(orders)} orders ${cell(quantity)} items ${amount.padStart(16)}`;
      });
    const faults = [...this.#faults].sort(([a], [b]) => a - b);
    lines.push(`${faults.length} orders can't be read`);
    for (const [order, why] of faults.slice(0, FAULTS_SHOWN)) lines.push(`  order ${order}: ${why}`);
    return lines.join('\n');
  }
}

function cell(n: number): string {
  return String(n).padStart(9);
}

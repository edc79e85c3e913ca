export interface Order {
  readonly id: bigint;
  readonly ordered: Date;
  readonly items: readonly { readonly name: string; readonly price: number; readonly pieces: number }[];
}

export interface Receipt {
  readonly id: bigint;
  readonly total: number;
  readonly orderedIsA: string;
}

/** What the pool runs in a worker. */
export function receiptFor({ id, ordered, items }: Order): Receipt {
  const total = items.reduce((sum, { price, pieces }) => sum + price * pieces, 0);
  return { id, total, orderedIsA: ordered.constructor.name };
}

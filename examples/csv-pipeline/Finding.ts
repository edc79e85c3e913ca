/** What a thread finds in a block: orders that it can't read, as they come, and at its end the sums of the others. */
export type Finding =
  | { readonly kind: 'fault'; readonly order: string; readonly why: string }
  | { readonly kind: 'sums'; readonly countries: Map<string, Sum> };

/** Of one country. */
export interface Sum {
  orders: number;
  /** Things sold. */
  quantity: number;
  /** Whole numbers, so that the order of adding is of no consequence. */
  cents: number;
}

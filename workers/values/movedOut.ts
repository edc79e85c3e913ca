import { move, transferableSymbol, valueSymbol } from 'piscina';
import type { Transfer } from './Transfer.ts';

interface Moved {
  readonly value: unknown;
  readonly transfer: Transfer;
}

/** piscina's mark of what `move` was called with; it exports no name for it. */
const MOVED_MARK = 'Piscina.kMovable';
const movedSymbol = Object.getOwnPropertySymbols(move(new ArrayBuffer(0))).find(isMark);

/**
 * What is to be sent of `value`: what it holds, if `move` was called with it, together with what goes along.
 * @param transfer what goes along in any case
 */
export function movedOut(value: unknown, transfer: Transfer): Moved {
  if (!isMoved(value)) return { value, transfer };
  const moved = value as { [transferableSymbol]: object; [valueSymbol]: unknown };
  // As with piscina, `transferable` may be one thing or an array of them.
  const along = ([] as unknown[]).concat(transfer ?? [], moved[transferableSymbol]) as unknown as Transfer;
  return { value: moved[valueSymbol], transfer: along };
}

/** True if `move` was called with that, in this copy of piscina or another. */
export function isMoved(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !(transferableSymbol in value)) return false;
  const marked = value as unknown as Record<symbol, unknown>;
  if (movedSymbol !== undefined && marked[movedSymbol] === true) return valueSymbol in value;
  return valueSymbol in value && Object.getOwnPropertySymbols(value).some((symbol) => isMark(symbol) && marked[symbol]);
}

function isMark(symbol: symbol): boolean {
  return symbol.description === MOVED_MARK;
}

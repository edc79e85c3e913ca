import { RSocketError } from '../../flyweight/index.ts';

/**
 * The iterator of what shall be items.
 * @param name of whom they come from
 * @throws RSocketError ERR_FLYSOCKET_NOT_ITERABLE
 */
export function itemsOf(items: unknown, name: string): Iterator<unknown> | AsyncIterator<unknown> {
  if (typeof items === 'object' && items !== null) {
    if (Symbol.asyncIterator in items) return (items as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    if (Symbol.iterator in items) return (items as Iterable<unknown>)[Symbol.iterator]();
  }
  throw new RSocketError('ERR_FLYSOCKET_NOT_ITERABLE', `"${name}" gave no Iterable or AsyncIterable`);
}

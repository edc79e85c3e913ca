import { ITEM_LENGTH } from './poolTask.ts';

/** @throws Error unless that is item `index` */
export function checkItem(name: string, item: Uint8Array, index: number): void {
  const isRight = item.length === ITEM_LENGTH && item[0] === (index & 0xff) && item[1] === ((index >>> 8) & 0xff);
  if (!isRight) throw new Error(`${name}: item ${index} is wrong: ${item.length} bytes, ${item[0]} ${item[1]}`);
}

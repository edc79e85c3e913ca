/** The worker file of both pools, as it is for piscina. */
import { METADATA_LENGTH } from '../request-response/RequestContender.ts';

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly tags: readonly string[];
  readonly address: { readonly city: string; readonly zip: string };
  readonly active: boolean;
}

/** Answers with the data of the task. */
export default function answer(task: Uint8Array): Uint8Array {
  return task.subarray(METADATA_LENGTH);
}

export function changeObject(person: Person): Person {
  return { ...person, active: false };
}

export const ITEM_LENGTH = 64;

/** `count` items of 64 bytes, each beginning with its number: Buffers, as programs for Node have them. */
export function* items(count: number): Generator<Uint8Array> {
  for (let i = 0; i < count; i++) yield numbered(Buffer.allocUnsafe(ITEM_LENGTH), i);
}

/** Writes its number into an item. */
export function numbered(item: Uint8Array, index: number): Uint8Array {
  item[0] = index;
  item[1] = index >>> 8;
  return item;
}

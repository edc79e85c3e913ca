/** The worker file of both pools, as it is for piscina. */
import { METADATA_LENGTH } from '../request-response/RequestContender.ts';

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly tags: readonly string[];
  readonly address: { readonly city: string; readonly zip: string };
  readonly active: boolean;
}

/** Answers with the data of the task. (A part of an array would be cloned whole.) */
export default function answer(task: Uint8Array): Uint8Array {
  return task.slice(METADATA_LENGTH);
}

export function changeObject(person: Person): Person {
  return { ...person, active: false };
}

/** `count` items of 64 bytes, each beginning with its number. */
export function* items(count: number): Generator<Uint8Array> {
  for (let i = 0; i < count; i++) yield itemOf(i);
}

export const ITEM_LENGTH = 64;

export function itemOf(index: number): Uint8Array {
  const item = new Uint8Array(ITEM_LENGTH);
  item[0] = index;
  item[1] = index >>> 8;
  return item;
}

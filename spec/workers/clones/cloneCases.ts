import { arrays } from './arrays.ts';
import { builtIns, errors } from './builtIns.ts';
import type { CloneCase } from './CloneCase.ts';
import { deep, graphs, rows } from './graphs.ts';
import { memories } from './memories.ts';
import { objects } from './objects.ts';
import { others } from './others.ts';
import { primitives } from './primitives.ts';

/** One value of every kind that a program might send; the name says the group. */
export const cloneCases: readonly CloneCase[] = [
  ...primitives,
  ...named('object', objects),
  ...named('array', arrays),
  ...builtIns,
  ...errors,
  ...memories,
  ...named('graph', graphs),
  ...named('rows', rows),
  ...deep,
  ...others,
];

function named(group: string, cases: readonly CloneCase[]): CloneCase[] {
  return cases.map(([name, make, way]) => [`${group}: ${name}`, make, way]);
}

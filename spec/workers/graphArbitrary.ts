import fc from 'fast-check';
import { Point } from './clones/Point.ts';

type Kind = 'object' | 'bare' | 'array' | 'map' | 'set';

/** What an entry holds: the node of a number, or a leaf. */
type Held = { readonly node: number } | { readonly leaf: unknown };

interface Node {
  readonly kind: Kind;
  readonly entries: readonly (readonly [key: string, heldKey: Held, held: Held])[];
}

const text = fc.oneof(
  fc.string({ maxLength: 70 }),
  fc.string({ unit: 'binary', maxLength: 70 }),
  fc.array(fc.integer({ min: 0xd700, max: 0xe0ff }), { maxLength: 4 }).map((units) => String.fromCharCode(...units)),
);

const key = fc.oneof(
  fc.constantFrom('id', 'a', '10', '2', '-1', '', '__proto__', 'constructor', 'hasOwnProperty', 'toJSON', 'length'),
  text,
);

const ordinaryLeaf = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.constantFrom(-0, Number.NaN, undefined, null, true, false),
  fc.bigInt(),
  fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }),
  fc.date({ noInvalidDate: false }),
  fc.uint8Array({ minLength: 1, maxLength: 300 }),
  fc.float64Array({ minLength: 1, maxLength: 5 }),
);

const oddLeaf = fc.oneof(
  fc.anything({ withBoxedValues: true, withSparseArray: true, withNullPrototype: true, withTypedArray: true }),
  fc.constantFrom<unknown>(new Point(), /a/gi, new Error('e'), Symbol('s'), () => 1, new Date(3), new WeakMap()),
  fc.sparseArray(fc.integer(), { maxLength: 5 }),
);

const leaf = fc.oneof({ weight: 30, arbitrary: ordinaryLeaf }, { weight: 1, arbitrary: oddLeaf });

function held(nodes: number): fc.Arbitrary<Held> {
  return fc.oneof(
    { weight: 2, arbitrary: leaf.map((value) => ({ leaf: value })) },
    { weight: 1, arbitrary: fc.nat(nodes - 1).map((node) => ({ node })) },
  );
}

function node(nodes: number): fc.Arbitrary<Node> {
  return fc.record({
    kind: fc.constantFrom<Kind>('object', 'object', 'array', 'array', 'bare', 'map', 'set'),
    entries: fc.array(fc.tuple(key, held(nodes), held(nodes)), { maxLength: 6 }),
  });
}

/** Objects, arrays, maps and sets that hold leaves and each other, shared and in cycles: the first of them. */
export const graphs: fc.Arbitrary<unknown> = fc
  .integer({ min: 1, max: 40 })
  .chain((nodes) => fc.array(node(nodes), { minLength: nodes, maxLength: nodes }))
  .map(linked);

/** Trees without references, mostly of what needs no port. */
export const trees: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    ordinaryLeaf,
    fc.dictionary(key, tie('tree'), { maxKeys: 6 }),
    fc.array(tie('tree'), { maxLength: 20 }),
    fc
      .tuple(fc.uniqueArray(key, { maxLength: 4 }), fc.array(fc.array(tie('tree'), { maxLength: 4 }), { maxLength: 9 }))
      .map(rowsOf),
    fc.array(fc.tuple(tie('tree'), tie('tree')), { maxLength: 5 }).map((entries) => new Map(entries)),
    fc.array(tie('tree'), { maxLength: 5 }).map((members) => new Set(members)),
  ),
})).tree;

/** Objects with these keys; each key has a value as far as these go. */
function rowsOf([keys, values]: [string[], unknown[][]]): object[] {
  return values.map((held) => {
    const row = {};
    held.forEach((value, i) => {
      const name = keys[i] ?? `k${i}`;
      put(row, name, undefined, value);
    });
    return row;
  });
}

function linked(nodes: readonly Node[]): unknown {
  const made = nodes.map(({ kind }) => emptyOf(kind));
  const get = (what: Held): unknown => ('leaf' in what ? what.leaf : made[what.node]);
  nodes.forEach(({ entries }, i) => {
    for (const [name, heldKey, value] of entries) put(made[i] as object, name, get(heldKey), get(value));
  });
  return made[0];
}

function emptyOf(kind: Kind): object {
  if (kind === 'map') return new Map();
  if (kind === 'set') return new Set();
  if (kind === 'array') return [];
  return kind === 'bare' ? Object.create(null) : {};
}

function put(container: object, name: string, key: unknown, value: unknown): void {
  if (container instanceof Map) container.set(key, value);
  else if (container instanceof Set) container.add(value);
  else if (Array.isArray(container)) container.push(value);
  else Object.defineProperty(container, name, { value, enumerable: true, configurable: true, writable: true });
}

/** What crosses, what is transferred, and what is thrown. */
import { MessageChannel } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { ANYTHING, describe, failureOf, sideBySide } from './sideBySide.ts';

const { same, differs, run } = sideBySide('values');

function everything(): unknown {
  const shared = { name: 'shared' };
  const value: Record<string, unknown> = {
    undefined,
    null: null,
    zero: -0,
    notANumber: Number.NaN,
    big: 2n ** 70n,
    text: 'text, \u{1f680}, \ud800',
    date: new Date(5),
    pattern: /a+/giu,
    map: new Map<unknown, unknown>([[{ key: 1 }, new Set([1, '1'])]]),
    bytes: new Uint8Array([1, 2, 3]),
    floats: new Float64Array([0.5]),
    buffer: new Uint8Array([9, 8]).buffer,
    error: new RangeError('inside'),
    boxed: Object('boxed'),
    sparse: Object.assign(new Array(3), { 2: 3 }),
    first: shared,
    second: shared,
  };
  return value;
}

same('whatever structured clone carries', structuredClone(everything()), ({ shared }) => shared.run(everything()));

same('cycles, and what is the same twice', [true, true], async ({ shared }) => {
  const cyclic: { self?: unknown; twice: unknown[] } = { twice: [] };
  cyclic.self = cyclic;
  cyclic.twice = [cyclic, cyclic.twice];
  const { self, twice } = await shared.run(cyclic);
  return [self === twice[0], (self as { self: unknown }).self === self];
});

same('instances of classes come as plain objects', [Object, { a: 1 }], async ({ shared }) => {
  class Own {
    a = 1;
    get b(): number {
      return 2;
    }
  }
  const value = await shared.run(new Own());
  return [value.constructor, { ...value }];
});

same('undefined, null and no result', [undefined, null, undefined], async ({ shared }) => [
  await shared.run(undefined),
  await shared.run(null),
  await shared.run('to nobody', { name: 'setEnvironment' }),
]);

same('bytes come as bytes; a Buffer as a Uint8Array', ['Uint8Array', 'Uint8Array', [1, 2, 3]], async ({ shared }) => {
  const bytes = await shared.run(new Uint8Array([1, 2, 3]));
  const buffer = await shared.run(Buffer.from([1, 2, 3]));
  return [bytes.constructor.name, buffer.constructor.name, [...bytes]];
});

differs(
  'a part of a buffer',
  'of bytes that are the whole task or result only that part crosses, not all of the buffer',
  {
    piscina: [[3, 4, 5], true, true],
    flysocket: [[3, 4, 5], false, false],
  },
  async ({ shared }) => {
    const task = await shared.run(new Uint8Array(8).subarray(2, 5), { name: 'layout' });
    const result: Uint8Array = await shared.run(undefined, { name: 'partOfBuffer' });
    return [[...result], task.around === 8, result.buffer.byteLength === 8];
  },
);

same('a part of a buffer within an object', [2, 8], async ({ shared }) => {
  const { part } = await shared.run({ part: new Uint8Array(8).subarray(2, 5) });
  return [part.byteOffset, part.buffer.byteLength];
});

same('shared memory is shared', [7, true], async ({ shared }) => {
  const words = new Int32Array(new SharedArrayBuffer(8));
  words[1] = 1;
  const again: Int32Array = await shared.run(words);
  again[0] = 7;
  return [words[0], again.buffer instanceof SharedArrayBuffer];
});

same('transferList', [16, 0, 'through the port'], async ({ shared }) => {
  const buffer = new ArrayBuffer(16);
  const length = await shared.run(buffer, { name: 'lengthOf', transferList: [buffer] });
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => port1.once('message', resolve));
  await shared.run({ port: port2 }, { name: 'answerOn', transferList: [port2] });
  const received = await answer;
  port1.close();
  return [length, buffer.byteLength, received];
});

same('move: a buffer, a view, a port, and what is no object', [16, 0, 6, 0, 5], async ({ shared, Pool }) => {
  const buffer = new ArrayBuffer(16);
  const view = new Uint16Array(3);
  const lengths = [
    await shared.run(Pool.move(buffer), { name: 'lengthOf' }),
    buffer.byteLength,
    await shared.run(move(view), { name: 'lengthOf' }),
    view.byteLength,
  ];
  const five = 5 as unknown as ArrayBuffer;
  return [...lengths, await shared.run(Pool.move(five))];
});

same('move of a result', [16, 0, [7, 7, 7], 0, 16, 16, 'it came'], async ({ shared }) => {
  const keptLength = (): Promise<number> => shared.run(undefined, { name: 'keptLength' });
  const buffer = await shared.run(16, { name: 'moveBuffer' });
  const keptOfBuffer = await keptLength();
  const view: Uint16Array = await shared.run(3, { name: 'moveView' });
  const keptOfView = await keptLength();
  const copy = await shared.run(16, { name: 'copyBuffer' });
  const keptOfCopy = await keptLength();
  const port = await shared.run(undefined, { name: 'movePort' });
  const message = await new Promise((resolve) => port.once('message', resolve));
  port.close();
  return [buffer.byteLength, keptOfBuffer, [...view], keptOfView, copy.byteLength, keptOfCopy, message];
});

same(
  'objects with transferableSymbol and valueSymbol',
  [['label', 'inner'], 16, 0, ['inner'], 16],
  async ({ shared }) => {
    const moved = await shared.run(undefined, { name: 'moveParcel' });
    const keptOfMoved = await shared.run(undefined, { name: 'keptLength' });
    const returned = await shared.run(undefined, { name: 'returnParcel' });
    const keptOfReturned = await shared.run(undefined, { name: 'keptLength' });
    return [Object.keys(moved), moved.inner.byteLength, keptOfMoved, Object.keys(returned), keptOfReturned];
  },
);

same('a task with transferableSymbol and valueSymbol', [{ length: 4 }, 0], async ({ shared, Pool }) => {
  const buffer = new ArrayBuffer(4);
  const parcel = { [Pool.transferableSymbol]: buffer, [Pool.valueSymbol]: { length: 4 } };
  const arrived = await shared.run(Pool.move(parcel as unknown as ArrayBuffer));
  return [arrived, buffer.byteLength];
});

same(
  'what arrived as a part of a buffer is moved on',
  [
    [1, 2],
    [1, 2],
  ],
  async ({ shared }) => {
    const part = new Uint8Array([0, 1, 2, 3]).subarray(1, 3);
    const there: Uint8Array = await shared.run(part, { name: 'moveOn' });
    const again: Uint8Array = await shared.run(Buffer.from([1, 2]), { name: 'moveOn' });
    return [[...there], [...again]];
  },
);

same('move within an object does nothing', { inner: {} }, ({ shared }) =>
  shared.run(undefined, { name: 'moveWithin' }),
);

same('the symbols are the same everywhere', [true, true, true], ({ Pool }) => [
  Pool.transferableSymbol === transferableSymbol,
  Pool.valueSymbol === valueSymbol,
  typeof Pool.queueOptionsSymbol === 'symbol',
]);

same('a task that cannot be cloned', ['DataCloneError', 'DataCloneError', 'works'], async ({ shared }) => [
  ((await failureOf(shared.run(() => {}))) as Error).name,
  ((await failureOf(shared.run({ deep: [Symbol('s')] }))) as Error).name,
  await shared.run('works'),
]);

differs(
  'a result that cannot be cloned',
  'the call fails and its thread lives; piscina ends the thread',
  { piscina: ['fails', false], flysocket: ['fails', true] },
  async ({ open }) => {
    const pool = open();
    const thread = await pool.run(undefined, { name: 'whoAmI' });
    const end = await pool.run(undefined, { name: 'returnFunction' }).catch(() => 'fails');
    return [end, thread === (await pool.run(undefined, { name: 'whoAmI' }))];
  },
);

for (const [what, expected] of [
  ['error', 'Error: plain'],
  ['range', 'RangeError: out of range <- TypeError: the cause'],
  ['own', 'Error: of its own'],
  ['aggregate', 'Error: several'],
  ['text', 'thrown: only text'],
  ['number', 'thrown: 42'],
] as const) {
  same(`a function throws ${what}, or rejects with it`, [expected, expected], async ({ shared }) => [
    describe(await failureOf(shared.run(what, { name: 'fail' }))),
    describe(await failureOf(shared.run(what, { name: 'reject' }))),
  ]);
}

differs(
  'a function throws a DOMException',
  'it arrives as one in every version of Node; older ones clone it as an empty object',
  { piscina: ANYTHING, flysocket: 'TimeoutError: of the web' },
  async ({ shared }) => describe(await failureOf(shared.run('dom', { name: 'fail' }))),
);

same('errors have the type, the stack and nothing else', [true, true, false, false], async ({ shared }) => {
  const range = (await failureOf(shared.run('range', { name: 'fail' }))) as Error;
  const own = (await failureOf(shared.run('own', { name: 'fail' }))) as Error;
  return [range instanceof RangeError, /pool\.worker/.test(range.stack ?? ''), 'code' in own, 'code' in range];
});

same('an object is thrown', { status: 404 }, ({ shared }) => failureOf(shared.run('object', { name: 'fail' })));

same('undefined is thrown', 'rejects', ({ shared }) =>
  shared.run('undefined', { name: 'fail' }).then(
    () => 'resolves',
    (error) => (error === undefined ? 'rejects' : error),
  ),
);

differs(
  'null is thrown',
  'the call fails; in piscina null means that there was no error',
  { piscina: ['resolves', null], flysocket: ['rejects', null] },
  ({ shared }) =>
    shared.run('null', { name: 'fail' }).then(
      (value) => ['resolves', value],
      (error) => ['rejects', error],
    ),
);

differs(
  'something is thrown that cannot be cloned',
  'it is described, and its thread lives; in piscina the thread ends with the DataCloneError',
  { piscina: ['fails', false], flysocket: ['fails', true] },
  async ({ open }) => {
    const pool = open();
    const thread = await pool.run(undefined, { name: 'whoAmI' });
    const end = await pool.run('function', { name: 'fail' }).catch(() => 'fails');
    return [end, thread === (await pool.run(undefined, { name: 'whoAmI' }))];
  },
);

differs(
  'what a function leaves running after it has returned',
  'goes on at once; with the default `atomics` of piscina the thread stands still until the next task',
  { piscina: 0, flysocket: 1 },
  async ({ Pool, shared }) => {
    const gate = new Int32Array(new SharedArrayBuffer(4));
    await shared.run(gate, { name: 'leaveTimer' });
    const end = performance.now() + (Pool.name === 'Piscina' ? 50 : 5_000);
    while (Atomics.load(gate, 0) === 0 && performance.now() < end) await new Promise((go) => setTimeout(go, 1));
    return Atomics.load(gate, 0);
  },
);

run();

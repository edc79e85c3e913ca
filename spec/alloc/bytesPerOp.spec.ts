import { spawnSync } from 'node:child_process';
import * as assert from 'uvu/assert';
import { bytesPerOp } from '../support/bytesPerOp.ts';
import { suite } from '../support/suite.ts';

const test = suite('bytesPerOp');

test('reports next to nothing for code that allocates nothing', () => {
  const words = new Int32Array(1024);
  const bytes = bytesPerOp((operations) => {
    for (let i = 0; i < operations; i++) words[i & 1023] = ((words[(i + 1) & 1023] as number) + i) | 0;
  });
  assert.ok(bytes < 0.1, `${bytes} bytes per operation`);
});

test('sees an object that is kept', () => {
  const kept: object[] = new Array(1024).fill({});
  const bytes = bytesPerOp((operations) => {
    for (let i = 0; i < operations; i++) kept[i & 1023] = { a: i };
  });
  assert.ok(bytes >= 16 && bytes < 64, `${bytes} bytes per operation`);
});

test('sees garbage, however much of it there is', () => {
  const last: { value: unknown } = { value: undefined };
  const bytes = bytesPerOp((operations) => {
    for (let i = 0; i < operations; i++) last.value = [i, i, i, i, i, i, i, i, i, i, i, i, i, i, i, i];
  });
  assert.ok(bytes >= 16 * 8 && bytes < 16 * 16, `${bytes} bytes per operation`);
});

test('sees the bytes of array buffers', () => {
  const last: { value: unknown } = { value: undefined };
  const bytes = bytesPerOp(
    (operations) => {
      for (let i = 0; i < operations; i++) last.value = new ArrayBuffer(4096);
    },
    { operations: 10_000 },
  );
  assert.ok(bytes >= 4096 && bytes < 8192, `${bytes} bytes per operation`);
});

test('sees one allocation in a hundred operations', () => {
  const last: { value: unknown } = { value: undefined };
  const bytes = bytesPerOp((operations) => {
    for (let i = 0; i < operations; i++) if (i % 100 === 0) last.value = { a: i, b: i, c: i, d: i };
  });
  assert.ok(bytes > 0.2 && bytes < 2, `${bytes} bytes per operation`);
});

test('refuses to guess without the collector', () => {
  const module = new URL('../support/bytesPerOp.js', import.meta.url).href;
  const program = `import { bytesPerOp } from '${module}'; bytesPerOp(() => {});`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  assert.not.equal(status, 0);
  assert.match(stderr, 'bytesPerOp needs the garbage collector: run node with --expose-gc');
});

test.run();

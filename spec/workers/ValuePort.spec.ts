/** Values beside a link: in order, by their numbers, bounded. */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { MAX_SKIPPED_VALUES, ValuePort } from 'flysocket/workers';
import * as assert from 'uvu/assert';
import { throwsCode } from '../pool/throwsCode.ts';
import { suite } from '../support/suite.ts';

const test = suite('ValuePort');

function ports(): [ValuePort, ValuePort] {
  const { port1, port2 } = new MessageChannel();
  return [new ValuePort(port1), new ValuePort(port2)];
}

test('a value is there as soon as it was posted, both ways', () => {
  const [a, b] = ports();
  for (let i = 0; i < 100; i++) {
    assert.equal(b.receive(a.post({ i })), { i });
    assert.equal(a.receive(b.post([i])), [i]);
  }
  a.close();
});

test('those whose frames come later, or never, are passed over', () => {
  const [a, b] = ports();
  const numbers = ['a', 'b', 'c', 'd'].map((value) => a.post(value));
  assert.is(b.receive(numbers[2] as number), 'c');
  assert.is(b.skippedValues, 2);
  assert.is(b.receive(numbers[0] as number), 'a');
  assert.is(b.receive(numbers[3] as number), 'd');
  assert.is(b.skippedValues, 1);
  b.discard(numbers[1] as number);
  assert.is(b.skippedValues, 0);
  a.close();
});

test('a value is given once', () => {
  const [a, b] = ports();
  const number = a.post(undefined);
  const other = a.post('other');
  assert.is(b.receive(other), 'other');
  assert.is(b.receive(number), undefined);
  assert.match(
    throwsCode(() => b.receive(number), 'ERR_FLYSOCKET_VALUE_LOST'),
    String(number),
  );
  throwsCode(() => b.receive(other), 'ERR_FLYSOCKET_VALUE_LOST');
  b.discard(other);
  a.close();
});

test('of too many that were passed over the oldest are dropped', () => {
  const [a, b] = ports();
  const first = a.post('first');
  const second = a.post('second');
  for (let i = 2; i <= MAX_SKIPPED_VALUES; i++) a.post(i);
  assert.is(b.receive(a.post('last')), 'last');
  assert.is(b.skippedValues, MAX_SKIPPED_VALUES);
  throwsCode(() => b.receive(first), 'ERR_FLYSOCKET_VALUE_LOST');
  assert.is(b.receive(second), 'second');
  a.close();
});

test('what can not be cloned leaves no gap', () => {
  const [a, b] = ports();
  const first = a.post(1);
  assert.throws(
    () => a.post(() => 1),
    (error: Error) => error.name === 'DataCloneError',
  );
  assert.is(a.post(2), first + 1);
  assert.is(b.receive(first + 1), 2);
  a.close();
});

test('transfers', () => {
  const [a, b] = ports();
  const { port1, port2 } = new MessageChannel();
  const bytes = new Uint8Array([1, 2, 3]);
  const number = a.post({ port: port2, bytes }, [port2, bytes.buffer]);
  assert.is(bytes.length, 0);
  const { port, bytes: arrived } = b.receive(number) as { port: typeof port1; bytes: Uint8Array };
  assert.equal([...arrived], [1, 2, 3]);
  port1.postMessage('through the port');
  assert.equal(receiveMessageOnPort(port), { message: 'through the port' });
  port1.close();
  a.close();
});

test('a closed one has nothing, and takes nothing amiss', () => {
  const [a, b] = ports();
  const number = a.post(1);
  b.close();
  throwsCode(() => b.receive(number), 'ERR_FLYSOCKET_VALUE_LOST');
  b.discard(number);
  a.post(2);
});

test.run();

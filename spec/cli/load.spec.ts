import { serve } from 'flysocket';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { flysocket, type Outcome, Serving } from './cli.ts';

const test = suite('flysocket: load');

let serving: Serving;

test.before(async () => {
  serving = await Serving.start(['--tcp', '0', '--ws', '0'], 2);
});
test.after(async () => {
  await serving.stop();
});

function reportOf({ code, stdout, stderr }: Outcome): Record<string, number> & { latencyUs: Record<string, number> } {
  assert.is(code, 0, stderr);
  return JSON.parse(stdout);
}

test('so many requests, over several connections, with percentiles in order', async () => {
  const line = ['load', serving.url, '--requests', '2000', '-c', '8', '--connections', '2', '--json'];
  const { requests, failed, requestsPerSecond, latencyUs } = reportOf(await flysocket(line));
  assert.is(requests, 2_000);
  assert.is(failed, 0);
  assert.ok((requestsPerSecond as number) > 0);
  const { p50, p90, p99, 'p99.9': p999, max, mean } = latencyUs as Record<string, number>;
  const inOrder = [0, p50, p90, p99, p999, max] as number[];
  assert.equal(
    [...inOrder].sort((a, b) => a - b),
    inOrder,
  );
  assert.ok((mean as number) > 0 && (mean as number) <= (max as number));
});

test('streams, whose items are counted and checked', async () => {
  const url = serving.urls[1] as string;
  const line = ['load', url, '--requests', '50', '--stream', '1000'];
  const { requests, itemsPerSecond, requestsPerSecond } = reportOf(await flysocket(line));
  assert.is(requests, 50);
  assert.ok(Math.abs((itemsPerSecond as number) / (requestsPerSecond as number) - 1_000) < 1);
});

test('by the clock: never faster than so many a second', async () => {
  const line = ['load', serving.url, '--rate', '1000', '--requests', '200', '--warmup', '0.05', '--size', '0'];
  const { requests, seconds } = reportOf(await flysocket(line));
  assert.is(requests, 200);
  assert.ok((seconds as number) >= 0.199, `${seconds}`);
});

test('for so long, and no longer', async () => {
  const { requests, seconds } = reportOf(await flysocket(['load', serving.url, '--seconds', '0.1', '-c', '1']));
  assert.ok((requests as number) > 0);
  assert.ok((seconds as number) > 0.05, `${seconds}`);
});

test('latency counts from the moment at which a request was to begin', async () => {
  const delayMs = 20;
  const slow = await serve('tcp://127.0.0.1:0', {
    requestResponse: (payload) => new Promise((resolve) => setTimeout(resolve, delayMs, payload)),
  });
  const line = ['load', slow.url, '--rate', '1000', '--requests', '20', '-c', '1'];
  const { latencyUs } = reportOf(await flysocket(line));
  // One at a time they take 20 ms each, and all were to begin within 20 ms: the last one waits for the others.
  assert.ok((latencyUs['max'] as number) > 300_000, JSON.stringify(latencyUs));
  await slow.close();
});

test('a wrong answer, an error and a lost connection are told, with exit code 1', async () => {
  const wrong = await serve('tcp://127.0.0.1:0', { requestResponse: () => 'something else' });
  const failing = await serve('tcp://127.0.0.1:0', {});
  let asked = 0;
  const dying = await serve('tcp://127.0.0.1:0', (_, peer) => ({
    requestResponse: (payload) => {
      if (++asked === 10) peer.destroy();
      return payload;
    },
  }));
  const line = ['--requests', '50', '-c', '4'];
  const outcomes = await Promise.all([wrong, failing, dying].map((server) => flysocket(['load', server.url, ...line])));
  assert.equal(
    outcomes.map(({ code }) => code),
    [1, 1, 1],
  );
  const [first, second, third] = outcomes.map(({ stdout }) => JSON.parse(stdout));
  assert.equal(first.errors, { 'wrong answer': 50 });
  assert.equal(second.errors, { ERR_FLYSOCKET_REJECTED: 50 });
  assert.ok(third.requests < 50);
  assert.ok(third.errors.ERR_FLYSOCKET_CONNECTION_CLOSED > 0, JSON.stringify(third.errors));
  await Promise.all([wrong, failing, dying].map((server) => server.close()));
});

test.run();

import * as assert from 'uvu/assert';
import { AskedRequests } from '../../bench/rps-in-92mb/AskedRequests.ts';
import type { Asker } from '../../bench/rps-in-92mb/Asker.ts';
import type { EchoContender, EchoPair } from '../../bench/rps-in-92mb/EchoPair.ts';
import { type EchoPlan, measureEchoes } from '../../bench/rps-in-92mb/measureEchoes.ts';
import { ProcessPair } from '../../bench/rps-in-92mb/ProcessPair.ts';
import { tcpContenders, threadContenders, webSocketContenders } from '../../bench/rps-in-92mb/rpsInMegabytes.ts';
import { suite } from '../support/suite.ts';

const test = suite('bench/rps-in-92mb');

const REQUESTS = 40;

async function answersRightly({ open }: EchoContender): Promise<void> {
  const pair = await open();
  try {
    await pair.verify(REQUESTS);
  } finally {
    await pair.close();
  }
}

for (const [road, contenders] of Object.entries({ threadContenders, tcpContenders, webSocketContenders })) {
  test(`each answers rightly: ${road}`, async () => {
    // Flags of node change nothing in an answer.
    const all = contenders().filter(({ name, skipped }) => skipped === undefined && !name.includes('--'));
    assert.ok(all.length >= 2);
    await Promise.all(all.map(answersRightly));
  });
}

test('a wrong answer is found', async () => {
  const close = (): void => {};
  const wrongByte: Asker = { ask: (sequence, answers) => answers.answered(sequence, sequence + 1, 128), close };
  const wrongLength: Asker = { ask: (sequence, answers) => answers.answered(sequence, sequence, 127), close };
  const failing: Asker = { ask: (_sequence, answers) => answers.failed(new Error('refused')), close };
  for (const [asker, message] of [
    [wrongByte, /wrong answer to request 0: 128 bytes, first 1/],
    [wrongLength, /wrong answer to request 0: 127 bytes/],
    [failing, /refused/],
  ] as const) {
    const error = await new AskedRequests('liar', 2, asker).perSecond(1).catch((thrown: unknown) => thrown);
    assert.match((error as Error).message, message);
  }
});

function fakePair(perSecond: number, closed: string[], name: string): EchoPair {
  return {
    verify: async () => {},
    round: async () => ({ perSecond, rssBytes: { client: 50e6, server: 60e6 } }),
    close: async () => void closed.push(name),
  };
}

function plan(contenders: EchoContender[]): EchoPlan {
  const loads = [{ inFlight: 8, rounds: 3, roundMs: 1 }];
  return { group: 'g', contenders, loads, compared: ['ours'], warmUpMs: 1, verifiedRequests: 1 };
}

test('tells throughput, memory of each process, ratios and goals', async () => {
  const closed: string[] = [];
  const { results, ratios, skipped, failures } = await measureEchoes(
    plan([
      { name: 'ours', goalPerSecond: 500, goalMegabytes: 55, open: async () => fakePair(1_000, closed, 'ours') },
      { name: 'theirs', isRival: true, open: async () => fakePair(100, closed, 'theirs') },
      { name: 'absent', isRival: true, skipped: 'not installed', open: () => Promise.reject(new Error()) },
    ]),
  );
  assert.equal(failures, []);
  assert.equal(skipped, ['absent: not installed']);
  const told = results.map(({ contender, unit, median }) => `${contender} ${median} ${unit}`);
  assert.equal(told.slice(0, 3), [
    'ours, 8 in flight 1000 requests/s',
    'ours, client 50 MB RSS at most',
    'ours, server 60 MB RSS at most',
  ]);
  const rows = ratios.map(({ name, value, goal }) => `${name} ${value} ${goal}`);
  assert.equal(rows, [
    'g: ours, requests/s at 8 in flight 1000 500',
    'g: ours, MB RSS, client 50 55',
    'g: ours, MB RSS, server 60 55',
    'g: ours / theirs, 8 in flight 10 undefined',
  ]);
  assert.equal(closed, ['ours', 'theirs']);
});

test('who fails is named and closed, and the others are measured', async () => {
  const closed: string[] = [];
  const liar = { ...fakePair(1, closed, 'liar'), round: () => Promise.reject(new Error('wrong answer')) };
  const { results, failures = [] } = await measureEchoes(
    plan([
      { name: 'broken', open: () => Promise.reject(new Error('does not start')) },
      { name: 'liar', open: async () => liar },
      { name: 'honest', open: async () => fakePair(1, closed, 'honest') },
    ]),
  );
  assert.equal(
    failures.map(({ contender, message }) => `${contender}: ${message}`),
    ['broken: does not start', 'liar: wrong answer'],
  );
  assert.ok(results.length > 0 && results.every(({ contender }) => contender.startsWith('honest')));
  assert.equal(closed, ['liar', 'honest']);
});

test('a program that does not start is an error', async () => {
  const error = await ProcessPair.open({ client: 'nobody' }).catch((thrown: unknown) => thrown);
  assert.instance(error, Error);
});

test.run();

import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { flysocket } from './cli.ts';

const test = suite('flysocket: usage');

/** Many processes are started. */
const SLOW = { timeoutMs: 30_000 };
const URL = 'tcp://127.0.0.1:1';

/** What is wrong with a command line, and what it is told. */
const WRONG: readonly (readonly [line: string, complaint: RegExp])[] = [
  ['', /^$/],
  ['fly', /no command "fly"/],
  ['serve tcp://localhost:1', /addresses are options: what is "tcp:/],
  ['serve --tcp', /--tcp.* argument missing/],
  ['serve --tcp 70000', /--tcp is a whole number from 0 to 65535, not "70000"/],
  ['serve --tcp 0 --tcp 0', /--tcp is given twice/],
  ['serve --lease 5', /--lease is N\/TTL/],
  ['serve --max-inbound 10', /--max-inbound is a whole number from 64/],
  ['serve --time-to-first-frame 5h', /--time-to-first-frame is a whole number .*"5h"/],
  ['serve --tcp 0 --cert a.pem', /--cert and --key go together/],
  ['serve --tcp 0 --ws-path /a', /--ws-path needs --ws/],
  ['call', /needs the URL of a peer/],
  ['call localhost:1', /not the URL of a peer: "localhost:1".*Allowed: tcp:\/\/host:port/],
  [`call ${URL} --stream --channel`, /one interaction at a time, not --stream and --channel/],
  [`call ${URL} -d a -d b`, /only --channel takes more than one --data/],
  [`call ${URL} --metadata-push`, /--metadata-push needs metadata/],
  [`call ${URL} -m a --route b`, /--metadata and --route are two ways/],
  [`call ${URL} --route a --metadata-mime-type text/plain`, /--route makes metadata of type/],
  [`load ${URL} --rate fast`, /--rate is a number above 0, not "fast"/],
  [`load ${URL} --stream 1 --size 1`, /--size is of request-response/],
  [`load ${URL} -c 100000`, /--concurrency is a whole number from 1 to 65536/],
  [`load ${URL} --connections 10001`, /--connections is a whole number from 1 to 10000/],
];

test(
  'what is wrong is named, with exit code 2',
  async () => {
    const outcomes = await inTurn(WRONG, ([line]) => flysocket(line.split(' ').filter(Boolean)));
    outcomes.forEach(({ code, stderr }, i) => {
      const [line, complaint] = WRONG[i] as (typeof WRONG)[number];
      assert.is(code, 2, `${line}: ${stderr}`);
      assert.match(stderr.split('\n')[0] as string, complaint);
      if (line !== '') assert.match(stderr, /Try: flysocket.* --help/);
    });
  },
  SLOW,
);

test('each command has its help, and the program has one', async () => {
  const [all, ...each] = await inTurn([[], ['serve'], ['call'], ['load']], (words) => flysocket([...words, '--help']));
  for (const { code, stderr } of [all, ...each] as (typeof each)[number][]) {
    assert.is(code, 0);
    assert.is(stderr, '');
  }
  for (const name of ['serve', 'call', 'load']) assert.match(all?.stdout as string, name);
  assert.match(each[0]?.stdout as string, /--max-inbound BYTES/);
  assert.match(each[1]?.stdout as string, /-d, --data DATA/);
  assert.match(each[2]?.stdout as string, /-c, --concurrency N/);
});

test('what fails has exit code 1', async () => {
  const outcomes = await inTurn(
    [
      ['call', URL],
      ['load', URL, '--seconds', '1'],
      ['call', URL, '-d', '@/nowhere/at/all'],
      ['serve', '--unix', '/nowhere/at/all'],
    ],
    (words) => flysocket(words),
  );
  assert.equal(
    outcomes.map(({ code }) => code),
    [1, 1, 1, 1],
  );
  assert.match(outcomes[0]?.stderr as string, /^flysocket call: .*\(ERR_FLYSOCKET_CONNECT_FAILED\)\n$/);
  assert.match(outcomes[2]?.stderr as string, /nowhere/);
  assert.match(outcomes[3]?.stderr as string, /\(ERR_FLYSOCKET_LISTEN\)/);
});

/** Two at a time, in order. */
async function inTurn<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += 2) results.push(...(await Promise.all(items.slice(i, i + 2).map(run))));
  return results;
}

test.run();

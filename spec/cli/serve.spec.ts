import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'flysocket';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../tcp-transport/testCertificate.ts';
import { flysocket, type Outcome, Serving } from './cli.ts';

const test = suite('flysocket: serve');

/** A server while `use` runs, and its end whatever becomes of that. */
async function whileServing(args: readonly string[], use: (serving: Serving) => Promise<void>): Promise<Outcome> {
  const serving = await Serving.start(args, args.includes('--ws') ? 2 : 1);
  try {
    await use(serving);
  } finally {
    serving.signal('SIGTERM');
  }
  return serving.ended();
}

function eventsOf({ stdout }: Outcome): { event: string; reason?: string }[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('what is too long is refused, in a frame or in fragments', async () => {
  const outcome = await whileServing(['--tcp', '0', '--max-inbound', '4k', '-v'], async ({ url }) => {
    const long = 'x'.repeat(10_000);
    const [frame, fragments, fine] = await Promise.all([
      flysocket(['call', url, '-d', '-'], long),
      flysocket(['call', url, '-d', '-', '--fragment', '1000'], long),
      flysocket(['call', url, '-d', '-', '--fragment', '1000'], long.slice(0, 4_000)),
    ]);
    assert.is(frame.code, 1);
    assert.match(frame.stderr, /maxFrameLength=4096 \(ERR_FLYSOCKET_CONNECTION_ERROR 0x101\)/);
    assert.is(fragments.code, 1);
    assert.match(fragments.stderr, /maxPayloadLength=4096 \(ERR_FLYSOCKET_INVALID 0x204\)/);
    assert.is(fine.stdout.length, 4_000);
  });
  assert.is(outcome.code, 0);
  const events = eventsOf(outcome);
  assert.ok(events.some(({ event, reason }) => event === 'disconnected' && /FRAME_TOO_LONG/.test(reason ?? '')));
  assert.equal(
    events.slice(-2).map(({ event }) => event),
    ['closing', 'closed'],
  );
});

test('a SETUP that does not come is not waited for', async () => {
  const outcome = await whileServing(['--tcp', '0', '--time-to-first-frame', '50ms', '-v'], async ({ url }) => {
    const silent = connectSocket({ port: Number(new URL(url).port), host: '127.0.0.1' });
    await new Promise((resolve) =>
      silent
        .on('error', () => {})
        .resume()
        .once('close', resolve),
    );
  });
  const refused = eventsOf(outcome).find(({ event }) => event === 'refused');
  assert.match(refused?.reason as string, /SETUP/);
});

test('streams and connections are bounded', async () => {
  await whileServing(['--tcp', '0', '--max-streams', '1', '--max-connections', '1'], async (serving) => {
    const client = await connect(serving.url);
    const endless = client.requestStream('1000000000', { prefetch: 1 })[Symbol.asyncIterator]();
    await endless.next();
    await client.requestResponse('one too many').then(
      () => assert.unreachable(),
      (error) => assert.is(error.code, 'ERR_FLYSOCKET_REJECTED'),
    );
    assert.is((await flysocket(['call', serving.url, '-d', 'x'])).code, 1);
    await endless.return?.();
    assert.is((await client.requestResponse('now')).data.length, 3);
    await client.close();
  });
});

test('a stream of a billion items leaves the others their turns: ECHO_ITEMS_PER_TURN', async () => {
  await whileServing(['--tcp', '0'], async (serving) => {
    const client = await connect(serving.url);
    let isAnswered = false;
    const answer = client.requestResponse('other').then(() => {
      isAnswered = true;
    });
    for await (const _ of client.requestStream('1000000000', { prefetch: 0x7fffffff })) if (isAnswered) break;
    await answer;
    await client.close();
  });
});

test('who honours leases is granted requests, again and again', async () => {
  await whileServing(['--tcp', '0', '--lease', '3/20ms'], async (serving) => {
    const [load, call] = await Promise.all([
      flysocket(['load', serving.url, '--lease', '--requests', '10', '-c', '10']),
      flysocket(['call', serving.url, '--lease', '-d', 'x', '--frames']),
    ]);
    assert.is(JSON.parse(load.stdout).requests, 10);
    assert.is(load.code, 0);
    assert.is(call.stdout, 'x');
    assert.match(call.stderr, /< LEASE\{.*requests=3/);
  });
});

test('what waits for a lease when the time is over was not asked, and is no error', async () => {
  await whileServing(['--tcp', '0', '--lease', '2/60s'], async (serving) => {
    const { code, stdout } = await flysocket(['load', serving.url, '--lease', '--seconds', '0.2', '-c', '8']);
    const { requests, failed } = JSON.parse(stdout);
    assert.equal([code, requests, failed], [0, 2, 0]);
  });
});

test('TLS, with a certificate of its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flysocket-'));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(cert, TEST_CERTIFICATE);
  writeFileSync(key, TEST_KEY);
  await whileServing(['--tcp', '0', '--ws', '0', '--cert', cert, '--key', key], async (serving) => {
    const [tls, wss] = serving.urls as [string, string];
    assert.match(tls, /^tls:/);
    assert.match(wss, /^wss:/);
    const outcomes = await Promise.all([
      flysocket(['call', tls, '-d', 'a', '--ca', cert]),
      flysocket(['call', wss, '-d', 'b', '--insecure']),
      flysocket(['call', tls, '-d', 'c']),
    ]);
    assert.equal(
      outcomes.map(({ code, stdout }) => `${code} ${stdout}`),
      ['0 a', '0 b', '1 '],
    );
  });
  rmSync(folder, { recursive: true, force: true });
});

test('told to end it lets streams finish, and told twice it does not', async () => {
  const patient = await Serving.start(['--tcp', '0']);
  const client = await connect(patient.url);
  const stream = client.requestStream('3', { prefetch: 1 })[Symbol.asyncIterator]();
  await stream.next();
  patient.signal('SIGINT');
  await stream.next();
  await stream.next();
  assert.is((await stream.next()).done, true);
  const ended = await patient.ended();
  assert.is(ended.code, 0);
  assert.match(ended.stdout, /"event":"closed"/);
  await client.onClose;

  const hasty = await Serving.start(['--tcp', '0', '--deadline', '60s']);
  const other = await connect(hasty.url);
  const endless = other.requestStream('1000000000', { prefetch: 1 })[Symbol.asyncIterator]();
  await endless.next();
  const closing = new Promise<void>((resolve) => {
    hasty.onOutput((text) => {
      if (text.includes('closing')) resolve();
    });
  });
  hasty.signal('SIGTERM');
  await closing;
  hasty.signal('SIGTERM');
  assert.is((await hasty.ended()).code, 1);
  await other.onClose;
});

test('a deadline ends what does not finish', async () => {
  const serving = await Serving.start(['--tcp', '0', '--deadline', '30']);
  const client = await connect(serving.url);
  const endless = client.requestStream('1000000000', { prefetch: 1 })[Symbol.asyncIterator]();
  await endless.next();
  serving.signal('SIGTERM');
  assert.is((await serving.ended()).code, 0);
  await client.onClose;
});

test.run();

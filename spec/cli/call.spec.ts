import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compositeMetadata } from 'flysocket/metadata';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { flysocket, flysocketWithOpenInput, type Outcome, Serving } from './cli.ts';

const test = suite('flysocket: serve and call');

const folder = mkdtempSync(join(tmpdir(), 'flysocket-'));
let serving: Serving;

test.before(async () => {
  serving = await Serving.start(['--tcp', '0', '--ws', '0', '--ws-path', '/a', '--unix', join(folder, 'socket')], 3);
});
test.after(async () => {
  await serving.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function call(args: readonly string[], input: string | Uint8Array = ''): Promise<Outcome> {
  return flysocket(['call', serving.url, ...args], input);
}

function succeeded(outcome: Outcome): string {
  assert.is(outcome.code, 0, outcome.stderr);
  return outcome.stdout;
}

test('it listens where it was told to, and tells where', () => {
  const [tcp, unix, ws] = serving.urls;
  assert.match(tcp as string, /^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/);
  assert.is(unix, `unix://${folder}/socket`);
  assert.match(ws as string, /^ws:\/\/127\.0\.0\.1:[1-9]\d*\/a$/);
});

test('an echo comes over every address', async () => {
  const outcomes = await Promise.all(serving.urls.map((url) => flysocket(['call', url, '-d', 'hällo'])));
  assert.equal(outcomes.map(succeeded), ['hällo', 'hällo', 'hällo']);
});

test('bytes come back as they are, from a file and from standard input', async () => {
  const bytes = new Uint8Array(200_000).map((_, i) => i * 31);
  const file = join(folder, 'bytes');
  writeFileSync(file, bytes);
  const outcomes = await Promise.all([call(['-d', `@${file}`]), call(['-d', '-'], bytes), call(['-d', ''])]);
  assert.equal(
    outcomes.map(({ bytes: answer }) => answer.length),
    [200_000, 200_000, 0],
  );
  for (const { bytes: answer } of outcomes.slice(0, 2)) assert.is(Buffer.compare(answer, bytes), 0);
});

test('metadata comes back, plain or composite, and its type is in the SETUP', async () => {
  const [plain, composite] = await Promise.all([
    call(['-d', 'd', '-m', 'm', '--metadata-mime-type', 'text/plain', '--json', '--frames']),
    call(['-d', 'd', '--route', 'a.b', '--auth-simple', 'u:p:q', '--auth-bearer', 't', '--json', '--frames']),
  ]);
  assert.equal(JSON.parse(succeeded(plain)), { data: 'd', metadata: 'm' });
  assert.match(plain.stderr, /metadata-mime-type=\\"text\/plain\\"/);
  const expected = compositeMetadata().route('a.b').simple('u', 'p:q').bearer('t').toBytes();
  assert.equal(JSON.parse(succeeded(composite)), { data: 'd', metadataHex: Buffer.from(expected).toString('hex') });
  assert.match(composite.stderr, /metadata-mime-type=\\"message\/x\.rsocket\.composite-metadata\.v0\\"/);
});

test('an error is told, with its code', async () => {
  const { code, stdout, stderr } = await call(['-d', 'error:no such thing']);
  assert.is(code, 1);
  assert.is(stdout, '');
  assert.is(stderr, 'flysocket call: no such thing (ERR_FLYSOCKET_APPLICATION_ERROR 0x201)\n');
});

test('a stream has an item a line, as many as are taken', async () => {
  const outcomes = await Promise.all([
    call(['--stream', '-d', '300']),
    call(['--stream', '-d', '1000000000', '--take', '3']),
    call(['--stream', '-d', 'no number']),
    call(['--stream', '-d', '0']),
  ]);
  const [all, some, echo, none] = outcomes.map(succeeded);
  assert.is(all, Array.from({ length: 300 }, (_, i) => `${i}\n`).join(''));
  assert.is(some, '0\n1\n2\n');
  assert.is(echo, 'no number\n');
  assert.is(none, '');
});

test('a channel echoes each item: values, and lines of standard input beyond ECHO_WINDOW', async () => {
  const lines = Array.from({ length: 500 }, (_, i) => `line ${i}`);
  const outcomes = await Promise.all([
    call(['--channel', '-d', 'a', '-d', '-', '-d', 'z'], 'one\r\ntwo\n\nthree'),
    call(['--channel', '-d', '-', '-n', '3'], lines.join('\n')),
    call(['--channel', '-d', '-', '--take', '2'], lines.join('\n')),
  ]);
  const [mixed, all, some] = outcomes.map(succeeded);
  assert.is(mixed, 'a\none\ntwo\n\nthree\nz\n');
  assert.is(all, `${lines.join('\n')}\n`);
  assert.is(some, 'line 0\nline 1\n');
});

test('a channel that has enough does not wait for more input', async () => {
  const open = await flysocketWithOpenInput(['call', serving.url, '--channel', '-d', '-', '--take', '1'], 'a\nb\n');
  assert.is(open.stdout, 'a\n');
  assert.is(open.code, 0);
});

test('frames are shown in both directions, as text and as JSON', async () => {
  const [text, json] = await Promise.all([
    call(['--stream', '-d', '3', '-n', '2', '--frames']),
    call(['-d', 'x', '--frames', '--json']),
  ]);
  assert.is(succeeded(text), '0\n1\n2\n');
  const lines = text.stderr.trimEnd().split('\n');
  const shape = /^ *(\d+\.\d{3}) ([<>]) ([A-Z_]+)\{stream-id=(\d)/;
  const frames = lines.map((line) => shape.exec(line)?.slice(2).join(' '));
  assert.is(frames[0], '> SETUP 0');
  assert.is(frames[1], '> REQUEST_STREAM 1');
  assert.is(frames.filter((frame) => frame === '< PAYLOAD 1').length, 3);
  assert.ok(frames.includes('> REQUEST_N 1'));
  const events = json.stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(
    events.map(({ event, direction, frame }) => `${event} ${direction} ${/^\w+/.exec(frame)?.[0]}`),
    ['frame sent SETUP', 'frame sent REQUEST_RESPONSE', 'frame received PAYLOAD'],
  );
});

test('what nobody answers is counted', async () => {
  const before = JSON.parse(succeeded(await call(['-d', 'stats'])));
  for (const args of [
    ['--fnf', '-d', 'x'],
    ['--metadata-push', '-m', 'x'],
  ])
    succeeded(await call(args));
  const after = JSON.parse(succeeded(await call(['-d', 'stats'])));
  assert.is(after.fireAndForget - before.fireAndForget, 1);
  assert.is(after.metadataPush - before.metadataPush, 1);
  assert.is(after.requestResponse - before.requestResponse, 1);
  assert.is(after.connections, 1);
  assert.is(after.openStreams, 1);
  assert.is(after.pool.acquired, after.pool.released);
  assert.ok(after.rss > 0);
});

test('a file longer than MAX_INPUT_BYTES is not read', async () => {
  const path = join(folder, 'long');
  writeFileSync(path, '');
  truncateSync(path, 16_777_217);
  const { code, stderr } = await call(['-d', `@${path}`]);
  assert.is(code, 1);
  assert.match(stderr, /16,?777,?216/);
});

test('a peer that says nothing is given up', async () => {
  const silent = createServer((socket) => socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  const { code, stderr } = await flysocket(['call', `tcp://127.0.0.1:${port}`, '--timeout', '100']);
  assert.is(code, 1);
  assert.match(stderr, /nothing came within 100 ms \(ERR_FLYSOCKET_CALL_TIMEOUT\)/);
  silent.close();
});

test.run();

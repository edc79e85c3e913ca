import { build } from 'esbuild';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('what a bundle for browsers takes of the WebSocket room');

async function clientFrom(folder: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `export { connectWebSocket } from './${folder}/ws-transport/index.js';`, resolveDir: '.' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    external: ['node:*'],
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

test('a client neither polls nor frames nor knows the ws package', async () => {
  const inNode = await clientFrom('dist');
  const inBrowsers = await clientFrom('dist/browser');
  assert.match(inBrowsers, 'WebSocketConnection');
  for (const name of ['TurnLoop', 'PollScore', 'ReceivedFrames', 'WsConnection']) {
    assert.match(inNode, name);
    assert.not.match(inBrowsers, name);
  }
});

test.run();

import * as assert from 'uvu/assert';
import type { ContractScene, ContractTest } from './contractPeers.ts';
import { assertBytes, assertNumbers, bytesOf, echo } from './samplePayloads.ts';
import { until } from './until.ts';

const LARGE_PAYLOADS = 50;
/** Those that are under way at the same time. */
const LARGE_AT_ONCE = 5;
const REQUESTS = 10_000;
const FORGOTTEN = 1_000;

export function contractVolumes(contractTest: ContractTest): void {
  const large = { handler: { requestResponse: echo }, timeoutMs: 30_000 };
  contractTest(`${LARGE_PAYLOADS} large payloads there and back, asked by either side`, large, async (scene) => {
    let next = 0;
    const ask = async (): Promise<void> => {
      for (let i = next++; i < LARGE_PAYLOADS; i = next++) await askLarge(scene, i);
    };
    await Promise.all(Array.from({ length: LARGE_AT_ONCE }, ask));
  });

  contractTest(`${REQUESTS} request-responses at once`, { handler: { requestResponse: echo } }, async (scene) => {
    const { client, mode } = scene;
    const requests = Array.from({ length: REQUESTS }, async (_, i) => {
      const text = textOf(i);
      assert.is((await client.requestResponse(text)).dataUtf8(), text);
    });
    const all = Promise.all(requests);
    if (mode === 'leased') await until(() => client.zeroCopy.permits === 0, 'the lease has run out');
    await all;
  });

  const forgotten: string[] = [];
  const keep = { fireAndForget: (payload: { dataUtf8(): string }) => void forgotten.push(payload.dataUtf8()) };
  contractTest(`${FORGOTTEN} fire-and-forgets keep their order`, { handler: keep }, async ({ client }) => {
    await Promise.all(Array.from({ length: FORGOTTEN }, (_, i) => client.fireAndForget(textOf(i))));
    await until(() => forgotten.length === FORGOTTEN, 'all has come');
    assertNumbers(
      forgotten.map((text) => text.trimEnd()),
      FORGOTTEN,
    );
  });
}

/** From 1 KiB to several hundred. */
async function askLarge({ client, server }: ContractScene, i: number): Promise<void> {
  const data = bytesOf(i, 1_024 + i * 6_007);
  const metadata = i % 3 === 0 ? bytesOf(-i, i * 1_501) : undefined;
  const answer = await (i % 2 === 0 ? client : server).requestResponse({ data, metadata });
  assertBytes(answer.data, data, `data of ${i}`);
  assertBytes(answer.metadata, metadata, `metadata of ${i}`);
}

/** One of ten is longer than a frame of 64 bytes. */
function textOf(i: number): string {
  return i % 10 === 9 ? String(i).padEnd(150) : String(i);
}

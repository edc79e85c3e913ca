import type { Payload, PayloadLike } from 'flysocket/core';

export async function* itemsUpTo(count: number): AsyncGenerator<PayloadLike> {
  for (let i = 0; i < count; i++) yield String(i);
}

export async function textsOf(payloads: AsyncIterable<Payload>): Promise<string[]> {
  const texts: string[] = [];
  for await (const payload of payloads) texts.push(payload.dataUtf8());
  return texts;
}

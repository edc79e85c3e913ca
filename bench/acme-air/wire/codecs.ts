/** How requests and answers become bytes on an RSocket. */
import type { Payload } from 'flysocket';
import { APPLICATION_JSON, APPLICATION_OCTET_STREAM } from 'flysocket/metadata';
import { importRival } from '../../loadRival.ts';

export interface Codec {
  readonly mimeType: string;
  encode(value: unknown): Uint8Array | string;
  decode(payload: Payload): unknown;
}

export type CodecName = 'JSON' | 'msgpackr';

const json: Codec = {
  mimeType: APPLICATION_JSON,
  encode: (value) => JSON.stringify(value),
  decode: (payload) => JSON.parse(payload.dataUtf8()),
};

interface Msgpackr {
  pack(value: unknown): Uint8Array;
  unpack(bytes: Uint8Array): unknown;
}

async function msgpackr(): Promise<Codec> {
  const { pack, unpack } = await importRival<Msgpackr>('msgpackr');
  return { mimeType: APPLICATION_OCTET_STREAM, encode: pack, decode: (payload) => unpack(payload.data) };
}

const CODECS: Readonly<Record<CodecName, () => Promise<Codec>>> = { JSON: async () => json, msgpackr };

/** @throws Error (as rejection) if there is none of that name, or it isn't installed */
export async function loadCodec(name: CodecName): Promise<Codec> {
  if (!Object.hasOwn(CODECS, name)) throw new Error(`no codec is named ${name}`);
  return CODECS[name]();
}

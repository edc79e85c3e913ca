import * as flyweight from 'flysocket/flyweight';
import { type FrameVector, flagsOf } from '../vectors/frameVectors.ts';

/** What all of them have. */
export interface FrameFlyweight {
  readonly buffer: flyweight.DirectBuffer;
  readonly streamId: number;
  readonly flags: number;
  wrap(buffer: flyweight.DirectBuffer, offset: number, length: number): this;
}

export interface FrameFlyweightClass {
  readonly FLAG_LETTERS: string;
  new (): FrameFlyweight;
}

/** The flyweight class of every frame type. */
export const frameFlyweights: Readonly<Record<keyof typeof flyweight.FrameType, FrameFlyweightClass>> = {
  SETUP: flyweight.SetupFlyweight,
  LEASE: flyweight.LeaseFlyweight,
  KEEPALIVE: flyweight.KeepAliveFlyweight,
  REQUEST_RESPONSE: flyweight.RequestResponseFlyweight,
  REQUEST_FNF: flyweight.RequestFnfFlyweight,
  REQUEST_STREAM: flyweight.RequestStreamFlyweight,
  REQUEST_CHANNEL: flyweight.RequestChannelFlyweight,
  REQUEST_N: flyweight.RequestNFlyweight,
  CANCEL: flyweight.CancelFlyweight,
  PAYLOAD: flyweight.PayloadFrameFlyweight,
  ERROR: flyweight.ErrorFlyweight,
  METADATA_PUSH: flyweight.MetadataPushFlyweight,
  RESUME: flyweight.ResumeFlyweight,
  RESUME_OK: flyweight.ResumeOkFlyweight,
  EXT: flyweight.ExtFlyweight,
};

type Methods = Record<string, (...parameters: unknown[]) => unknown>;

const ON_CONNECTION = ['SETUP', 'LEASE', 'KEEPALIVE', 'METADATA_PUSH', 'RESUME', 'RESUME_OK'];
const WITHOUT_FLAGS = ['REQUEST_N', 'CANCEL', 'ERROR', 'METADATA_PUSH', 'RESUME', 'RESUME_OK'];

/** Writes the vector with the flyweight's setters, in wire order. */
export function writeFields(frame: FrameFlyweight, vector: FrameVector): void {
  const methods = frame as unknown as Methods;
  methods['putHeader']?.(
    ...(ON_CONNECTION.includes(vector.type) ? [] : [vector.streamId]),
    ...(WITHOUT_FLAGS.includes(vector.type) ? [] : [flagsOf(vector)]),
  );
  for (const [name, value] of Object.entries(vector.fields)) {
    const put = `put${capitalized(name)}`;
    if (typeof value === 'number') call(methods, put, value);
    else if (value !== null && name.endsWith('MimeType')) call(methods, `${put}Utf8`, value);
    else if (value !== null) {
      const bytes = new TextEncoder().encode(value);
      call(methods, put, new flyweight.DirectBuffer(bytes), 0, bytes.length);
    }
  }
}

/** What the flyweight says about each of the vector's fields. */
export function readFields(frame: FrameFlyweight, vector: FrameVector): FrameVector['fields'] {
  const values = frame as unknown as Record<string, number>;
  return Object.fromEntries(
    Object.entries(vector.fields).map(([name, value]) => {
      if (typeof value === 'number') return [name, values[name] as number];
      const length = values[`${name}Length`] as number;
      return [name, length < 0 ? null : frame.buffer.getUtf8(values[`${name}Offset`] as number, length)];
    }),
  );
}

/** The static functions of the flyweight's class. */
export function staticsOf(type: FrameVector['type']): Methods {
  return frameFlyweights[type] as unknown as Methods;
}

export function capitalized(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function call(methods: Methods, name: string, ...parameters: unknown[]): void {
  const method = methods[name];
  if (method === undefined) throw new Error(`no method ${name}`);
  if (method.call(methods, ...parameters) !== methods) throw new Error(`${name} does not return its flyweight`);
}

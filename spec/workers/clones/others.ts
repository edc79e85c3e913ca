import { Blob } from 'node:buffer';
import { createSecretKey, generateKeyPairSync } from 'node:crypto';
import { BroadcastChannel, MessageChannel } from 'node:worker_threads';
import type { CloneCase } from './CloneCase.ts';
import * as namespace from './Point.ts';

/** Node's types leave it out. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: { Module: new (bytes: Uint8Array) => object; Memory: new (pages: { initial: number }) => object };
};
const memoryUsage = process.memoryUsage();

export const others: readonly CloneCase[] = [
  ['a WeakMap', () => new WeakMap(), 'throws'],
  ['a WeakSet', () => [new WeakSet()], 'throws'],
  ['a WeakRef', () => new WeakRef({}), 'throws'],
  ['a Promise', () => Promise.resolve(1), 'throws'],
  ['a Promise in disguise', () => Object.setPrototypeOf(Promise.resolve(1), Object.prototype), 'throws'],
  [
    'a generator',
    () =>
      (function* () {
        yield 1;
      })(),
    'throws',
  ],
  ['an iterator', () => [1][Symbol.iterator](), 'throws'],
  ['arguments', () => argumentsOf(1, 2), 'throws'],
  ['no arguments', () => ({ a: argumentsOf() }), 'throws'],
  ['a MessagePort that is not transferred', () => ({ port: closedPort() }), 'throws'],
  ['a BroadcastChannel', () => closedChannel(), 'PORT'],
  ['a Blob', () => new Blob(['text'], { type: 'text/plain' }), 'PORT'],
  ['a URL', () => new URL('http://localhost/path?query'), 'PORT or throws'],
  ['URLSearchParams', () => new URLSearchParams('a=1'), 'PORT or throws'],
  ['Headers', () => new Headers({ a: 'b' }), 'PORT or throws'],
  ['a Request', () => new Request('http://localhost/'), 'PORT or throws'],
  ['a Response', () => new Response('text'), 'PORT or throws'],
  ['FormData', () => new FormData(), 'PORT or throws'],
  ['a ReadableStream that is not transferred', () => new ReadableStream(), 'throws'],
  ['an AbortSignal', () => AbortSignal.abort(), 'PORT'],
  ['an Event', () => new Event('type'), 'PORT'],
  ['a secret KeyObject', () => createSecretKey(Buffer.from('secret')), 'PORT'],
  ['a public KeyObject', () => generateKeyPairSync('ed25519').publicKey, 'PORT'],
  ['a WebAssembly.Module', () => new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)), 'PORT'],
  ['a WebAssembly.Memory', () => new WebAssembly.Memory({ initial: 1 }), 'throws'],
  ['process.env', () => process.env, 'PORT'],
  ['process.versions', () => process.versions, 'SERIALIZED'],
  ['memoryUsage', () => memoryUsage, 'SERIALIZED'],
  ['a namespace', () => namespace, 'throws'],
  ['a namespace within', () => [{ namespace }], 'throws'],
  ['globalThis', () => globalThis, 'throws'],
  ['Math', () => Math, 'PORT'],
  ['Object.prototype', () => Object.prototype, 'SERIALIZED'],
  ['Map.prototype', () => Map.prototype, 'PORT'],
  ['a prototype of a class', () => namespace.Point.prototype, 'SERIALIZED'],
  ['Intl.NumberFormat', () => new Intl.NumberFormat('en'), 'throws'],
];

function argumentsOf(..._: unknown[]): unknown {
  // biome-ignore lint/complexity/noArguments: that is what this is about
  return arguments;
}
function closedPort(): unknown {
  const { port1 } = new MessageChannel();
  port1.close();
  return port1;
}
function closedChannel(): unknown {
  const channel = new BroadcastChannel('clone');
  channel.close();
  return channel;
}

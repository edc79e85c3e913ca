import { getActiveResourcesInfo } from 'node:process';
import type { Handler, RSocketPeer, Setup } from 'flysocket/core';
import { RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import * as assert from 'uvu/assert';
import { setup, type WriteFrame } from '../core/rawFrames.ts';
import { HandClock } from '../tck/HandClock.ts';
import { until } from '../tck/until.ts';
import { Attacker } from './Attacker.ts';
import type { Ground, ListeningServer, ServeOptions } from './Ground.ts';
import { HonestClient } from './HonestClient.ts';

export interface TargetOptions extends ServeOptions {
  /** Answers the attackers; the honest client has the echo. */
  readonly handler?: Handler;
  /** Bytes of the honest client's requests. */
  readonly honestSizes?: readonly number[];
  /** Of the server's pool. */
  readonly maxPoolBytes?: number;
}

const MAX_POOL_BYTES: number = 16 * 1024 * 1024;
/** Time that connections may linger which the server has ended: of its clock, or, for WebSockets, of ours. */
export const LINGER_TIMEOUT_MS = 100;
/** The longest step in which time passes, so that the honest client lives. */
const STEP_MS = 1_000;
const never = new Promise<never>(() => {});

const echo: Handler = { requestResponse: (request) => request };

/** A server, an honest client that goes on asking it, and those that attack it. Time stands still unless told. */
export class Target {
  readonly clock: HandClock = new HandClock();
  readonly pool: BufferPool;
  /** Codes of what ended the connections of attackers, in their order; '' for an end in good order. */
  readonly ends: string[] = [];
  /** What handlers threw. */
  readonly uncaught: unknown[] = [];
  readonly #ground: Ground;
  readonly #attackers: Attacker[] = [];
  readonly #socketsBefore: number = sockets();
  #server!: ListeningServer;
  #honest!: HonestClient;

  private constructor(ground: Ground, maxPoolBytes: number) {
    this.#ground = ground;
    this.pool = new BufferPool({ tracking: true, label: 'target', maxBytes: maxPoolBytes });
  }

  static async start(ground: Ground, options: TargetOptions = {}): Promise<Target> {
    const { handler = echo, honestSizes, maxPoolBytes = MAX_POOL_BYTES, ...serveOptions } = options;
    const target = new Target(ground, maxPoolBytes);
    const responder = ({ dataMimeType }: Setup): Handler | Promise<Handler> => {
      if (dataMimeType === 'text/undecided') return never;
      return dataMimeType === 'text/honest' ? echo : handler;
    };
    let isHonest = true;
    const onPeer = (peer: RSocketPeer): void => {
      if (!isHonest) peer.onClose.then((error) => target.ends.push(error?.code ?? ''));
      isHonest = false;
    };
    target.#server = await ground.serve(responder, {
      pool: target.pool,
      clock: target.clock,
      lingerTimeoutMs: LINGER_TIMEOUT_MS,
      onPeer,
      onRefused: (error) => target.ends.push(error instanceof RSocketError ? error.code : String(error)),
      onUncaught: (error) => target.uncaught.push(error),
      ...serveOptions,
    });
    target.#honest = new HonestClient(await ground.connect(target.port), honestSizes);
    await target.#honest.start();
    return target;
  }

  get port(): number {
    return this.#server.port;
  }

  /** What the server's pool has got from the system, used or not. */
  get pooledBytes(): number {
    return this.pool.stats.bytesTaken - this.pool.stats.bytesGivenBack;
  }

  /** An attacker that may send frames, and has sent none. */
  async attack(): Promise<Attacker> {
    const socket = await Attacker.dial(this.port);
    const attacker = new Attacker(socket, this.#ground.framing, await this.#ground.enter(socket));
    this.#attackers.push(attacker);
    return attacker;
  }

  /** One that has sent a SETUP, and these frames behind it. */
  async enter(...frames: WriteFrame[]): Promise<Attacker> {
    const attacker = await this.attack();
    attacker.send(setup(), ...frames);
    return attacker;
  }

  /** Lets time pass for the server. */
  async advance(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      await this.#honest.assertServed();
      await this.#honest.while(() => this.clock.advance(Math.min(left, STEP_MS)));
    }
  }

  assertServed(): Promise<void> {
    return this.#honest.assertServed();
  }

  /** The next connection that ended has done so for this reason, and only that one. */
  async assertEnded(code: string): Promise<void> {
    await until(() => this.ends.length > 0, `a connection ends with ${code}`);
    await this.assertServed();
    assert.equal(this.ends.splice(0), [code]);
  }

  /** Nobody is left, and nothing of what they had. */
  async finish(): Promise<void> {
    await this.assertServed();
    for (const { socket } of this.#attackers) socket.destroy();
    await this.#honest.close();
    await this.#server.close();
    await until(() => this.pool.stats.inUse === 0, 'all memory has come back');
    this.pool.assertQuiescent();
    await until(() => this.clock.timers === 0, 'no timer is set');
    await until(() => sockets() <= this.#socketsBefore, 'every socket has been closed');
    assert.equal(this.uncaught, []);
  }
}

/** Sockets and servers that are open in this process. */
function sockets(): number {
  return getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
}

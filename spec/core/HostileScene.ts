import { connectPeer, type Handler, PeerServer, type PeerServerOptions } from 'flysocket/core';
import type { RSocketError } from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { HandClock } from '../tck/HandClock.ts';
import { HandCrank } from '../tck/HandCrank.ts';
import { turns } from '../tck/until.ts';
import { RawEnd } from './RawEnd.ts';
import { setup, type WriteFrame } from './rawFrames.ts';

/** Of the pool that the server's connections share. */
const MAX_POOL_BYTES: number = 4 * 1024 * 1024;

/** A server with an honest client, and a hostile one whose frames are made by hand. */
export class HostileScene {
  readonly clock: HandClock = new HandClock();
  readonly crank: HandCrank = new HandCrank();
  readonly pool: BufferPool;
  readonly server: PeerServer;
  readonly raw: RawEnd;
  /** What ended the hostile connection; undefined while it is open. */
  end: RSocketError | undefined;
  readonly #honest: ReturnType<typeof connectPeer>;
  readonly #held: string[] = [];

  constructor(options: Partial<PeerServerOptions> = {}, isDeaf = false, maxPoolBytes: number = MAX_POOL_BYTES) {
    this.pool = new BufferPool({ slabBytes: 65_536, maxBytes: maxPoolBytes });
    const { crank, clock, pool } = this;
    const answering: Handler = { requestResponse: (request) => request };
    this.server = new PeerServer({ responder: answering, clock, pool, ...options });
    const [honest, left, right, other] = [
      ...InProcessConnection.pair({ schedule: crank.schedule }),
      ...InProcessConnection.pair({ schedule: crank.schedule }),
    ];
    this.server.accept(left as InProcessConnection);
    this.server.accept(right as InProcessConnection);
    (right as InProcessConnection).onClose.then((reason) => {
      this.end = reason;
    });
    this.raw = new RawEnd(other as InProcessConnection, isDeaf);
    this.#honest = connectPeer(honest as InProcessConnection, { clock, pool, setup: { dataMimeType: 'text/honest' } });
    crank.run();
  }

  /** Sends the frames, with as many deliveries as it takes. */
  feed(...frames: WriteFrame[]): void {
    for (const frame of frames) {
      if (this.raw.send(frame)) continue;
      this.crank.run();
      if (!this.raw.send(frame)) return;
    }
    this.crank.run();
  }

  /** Sends pairs of a request and what follows it, each on a new stream, until the connection ends. */
  flood(count: number, ...make: ((id: number) => WriteFrame)[]): void {
    for (let i = 0; i < count; i++) this.feed(...make.map((each) => each(2 * i + 1)));
  }

  /** Lets everything run that can without time passing. */
  async settle(): Promise<void> {
    for (let i = 0; i < 4; i++) {
      this.crank.run();
      await turns(1);
    }
  }

  /** The honest client is served still. */
  async assertServes(): Promise<void> {
    const answer = this.#honest.requestResponse('honest').then((got) => this.#held.push(got.dataUtf8()));
    await this.settle();
    assert.equal(this.#held.splice(0), ['honest']);
    await answer;
  }

  /** The hostile connection has ended with that, and the honest one goes on; nothing is left when that ends too. */
  async assertEnded(code: string): Promise<void> {
    await this.settle();
    assert.is(this.end?.code, code);
    assert.is(this.server.connections, 1);
    await this.finish();
  }

  async finish(): Promise<void> {
    await this.assertServes();
    this.raw.close();
    this.#honest.destroy();
    await this.settle();
    assert.is(this.server.connections, 0);
    assert.is(this.clock.timers, 0);
    this.pool.assertQuiescent();
  }
}

/** As `HostileScene`, but its hostile client has been let in. */
export function opened(options: Partial<PeerServerOptions> = {}, isDeaf = false, maxPoolBytes?: number): HostileScene {
  const scene = new HostileScene(options, isDeaf, maxPoolBytes);
  scene.feed(setup());
  return scene;
}

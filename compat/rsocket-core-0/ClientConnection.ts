import { FrameType } from '../../flyweight/index.ts';
import type { BufferPool } from '../../pool/index.ts';
import type { DuplexConnection } from '../../transport/index.ts';
import { CONNECTION_STATUS } from './ConnectionStatus.ts';
import type { Encoders } from './Encoders.ts';
import { FlowableConnection, type FlowableConnectionOptions } from './FlowableConnection.ts';
import type { Frame } from './Frame.ts';

/** The end of a connection that connects, once. */
export class ClientConnection extends FlowableConnection {
  readonly #openConnection: () => Promise<DuplexConnection>;
  #hasBegun = false;
  #lease: Frame | undefined = undefined;

  /** @param openConnection called once, by `connect` */
  constructor(
    openConnection: () => Promise<DuplexConnection>,
    encoders: Encoders | undefined,
    pool: BufferPool,
    options: FlowableConnectionOptions,
  ) {
    super(encoders, pool, true, options);
    this.#openConnection = openConnection;
  }

  /**
   * Begins to connect; how that goes is told by `connectionStatus`.
   * @throws Error unless it is the first call, and before `close`
   */
  override connect(): void {
    if (this.status.kind !== 'NOT_CONNECTED') {
      throw new Error(`Cannot connect(), the status is ${this.status.kind}: a connection is made once.`);
    }
    this.become(CONNECTION_STATUS.CONNECTING);
    this.#connect();
  }

  /** As ever; but a lease that is granted before the SETUP, where it must not be, goes right after it. */
  override sendOne(frame: Frame): void {
    if (this.#hasBegun) {
      super.sendOne(frame);
    } else if (frame.type === FrameType.LEASE) {
      this.#lease = frame;
    } else {
      this.#hasBegun = true;
      super.sendOne(frame);
      if (this.#lease !== undefined) super.sendOne(this.#lease);
    }
  }

  async #connect(): Promise<void> {
    let connection: DuplexConnection;
    try {
      connection = await this.#openConnection();
    } catch (error) {
      this.end(error as Error);
      return;
    }
    // It may have been closed meanwhile.
    if (this.status.kind === 'CONNECTING') this.open(connection);
    else connection.close();
  }
}

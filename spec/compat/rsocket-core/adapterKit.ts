/** The adapter alone: on one end of a pair within this thread, with frames seen and made by hand at the other. */
import { acceptClient, type FrameConnectionOptions, openClient, type Streams } from 'flysocket/compat/rsocket-core';
import {
  type DirectBuffer,
  FrameFlag,
  FrameHeaderFlyweight,
  FrameType,
  frameToString,
  type RSocketError,
} from 'flysocket/flyweight';
import { BufferPool } from 'flysocket/pool';
import { InProcessConnection } from 'flysocket/transport';
import {
  type Closeable,
  type DuplexConnection,
  deserializeFrame,
  type Frame,
  type Outbound,
  serializeFrame,
} from 'rsocket-core';
import { until } from '../../tck/until.ts';

/** A frame object, of any type. */
export interface AnyFrame {
  readonly type: number;
  readonly streamId: number;
  readonly flags: number;
  data?: Buffer | null | undefined;
  metadata?: Buffer | null | undefined;
  readonly requestN?: number;
  code?: number;
  readonly message?: string;
  readonly extendedType?: number;
  readonly extendedContent?: Buffer;
  readonly dataMimeType?: string;
  readonly [field: string]: unknown;
}

/** As the library writes it. */
export function serialized(frame: AnyFrame): Buffer {
  return serializeFrame(frame as unknown as Frame);
}

/** As the library reads it. */
export function deserialized(bytes: Buffer): AnyFrame {
  return deserializeFrame(bytes) as unknown as AnyFrame;
}

/** What the library would be: it notes what it gets. */
export class NotedStreams implements Streams {
  readonly frames: AnyFrame[] = [];
  onFrame: (frame: AnyFrame) => void = () => {};
  readonly connectionOutbound: Outbound;

  constructor(outbound: Outbound) {
    this.connectionOutbound = outbound;
  }

  handle(frame: Frame): void {
    this.frames.push(frame as unknown as AnyFrame);
    this.onFrame(frame as unknown as AnyFrame);
  }

  createRequestStream(): void {}
  connectionInbound(): void {}
  handleRequestStream(): void {}
  close(): void {}
}

/** What arrives at the far end. */
export interface Arrived {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** The far end of the pair. */
export class FarEnd {
  readonly connection: InProcessConnection;
  readonly arrived: Arrived[] = [];
  closed: { error: RSocketError | undefined } | undefined;

  constructor(connection: InProcessConnection) {
    this.connection = connection;
  }

  /** From now on it reads. */
  read(): this {
    this.connection.receive({
      onFrame: (buffer, offset, length) => {
        this.arrived.push({
          type: FrameHeaderFlyweight.type(buffer, offset),
          flags: FrameHeaderFlyweight.flags(buffer, offset),
          streamId: FrameHeaderFlyweight.streamId(buffer, offset),
          text: frameToString(buffer, offset, length),
          bytes: buffer.copyOf(offset, length),
        });
      },
      onWritable: () => {},
      onClosed: (error) => {
        this.closed = { error };
      },
    });
    return this;
  }

  /** Sends a frame as an encoder writes it. */
  send(length: number, encode: (buffer: DirectBuffer, index: number) => void): void {
    const index = this.connection.tryClaim(length, 0);
    if (index < 0) throw new Error(`no room: ${index}`);
    encode(this.connection.buffer, index);
    this.connection.commit(index);
  }

  sendBytes(bytes: Uint8Array): void {
    this.send(bytes.length, (buffer, index) => buffer.putBytes(index, bytes));
  }
}

/** The near end: as the library has it. */
export interface NearEnd {
  readonly connection: DuplexConnection & { send(frame: AnyFrame): void };
  readonly streams: NotedStreams;
  readonly far: FarEnd;
  readonly pool: BufferPool;
  /** What `onClose` was called with, each time. */
  readonly closings: (Error | undefined)[];
}

/** A client's connection. It delivers from the next turn on. @param reads the far end reads at once */
export function nearClient(
  options: FrameConnectionOptions = {},
  { capacity = 65_536, reads = true }: { capacity?: number; reads?: boolean } = {},
): NearEnd {
  const [near, far] = InProcessConnection.pair({ capacity });
  const pool = new BufferPool({ tracking: true });
  let streams: NotedStreams | undefined;
  const connection = openClient(
    near,
    (outbound) => {
      streams = new NotedStreams(outbound);
      return streams;
    },
    { pool, ...options },
  ) as unknown as NearEnd['connection'];
  const closings = notedClosings(connection);
  const farEnd = new FarEnd(far);
  return { connection, streams: streams as NotedStreams, far: reads ? farEnd.read() : farEnd, pool, closings };
}

/** A server's side, and what it is given. */
export interface NearServer {
  readonly far: FarEnd;
  readonly pool: BufferPool;
  readonly accepted: { first: AnyFrame; connection: DuplexConnection }[];
  readonly streams: NotedStreams[];
  readonly closings: (Error | undefined)[];
}

/** @param decide what the acceptor waits for */
export function nearServer(
  options: Parameters<typeof acceptClient>[3] = {},
  decide: () => Promise<void> = async () => {},
): NearServer {
  const [near, far] = InProcessConnection.pair();
  const pool = new BufferPool({ tracking: true });
  const server: NearServer = { far: new FarEnd(far).read(), pool, accepted: [], streams: [], closings: [] };
  acceptClient(
    near,
    async (first, connection) => {
      server.accepted.push({ first: first as unknown as AnyFrame, connection });
      connection.onClose((error) => server.closings.push(error));
      await decide();
    },
    (_, outbound) => {
      const streams = new NotedStreams(outbound);
      server.streams.push(streams);
      return streams;
    },
    { pool, ...options },
  );
  return server;
}

export async function endOf({ connection, far, pool }: NearEnd): Promise<void> {
  connection.close();
  far.connection.close();
  await until(() => pool.stats.inUse === 0, 'all memory has come back');
  pool.assertQuiescent();
}

function notedClosings(connection: Closeable): (Error | undefined)[] {
  const closings: (Error | undefined)[] = [];
  connection.onClose((error) => closings.push(error));
  return closings;
}

/** An item of a stream. */
export function nextOf(streamId: number, data: Buffer, metadata?: Buffer): AnyFrame {
  const flags = FrameFlag.NEXT | (metadata === undefined ? 0 : FrameFlag.METADATA);
  return { type: FrameType.PAYLOAD, streamId, flags, data, metadata };
}

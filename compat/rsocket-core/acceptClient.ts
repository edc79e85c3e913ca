import type { Closeable, Frame, DuplexConnection as LibraryConnection, Outbound } from 'rsocket-core';
import { ACCEPT_TIMEOUT_MS, TIME_TO_FIRST_FRAME_MS } from '../../core/index.ts';
import { ErrorCode, FrameType, RSocketError } from '../../flyweight/index.ts';
import type { DuplexConnection } from '../../transport/index.ts';
import type { AnyFrame } from './AnyFrame.ts';
import { FrameConnection, type FrameConnectionOptions, type Streams } from './FrameConnection.ts';
import { asksToResume } from './FrameReader.ts';

/** Decides on a connection by its first frame: the first argument of `ServerTransport.bind`. */
export type ConnectionAcceptor = (firstFrame: Frame, connection: LibraryConnection) => Promise<void>;

/** Makes what gets the frames of a connection: the second argument of `ServerTransport.bind`. */
export type ServerFactory = (firstFrame: Frame, outbound: Outbound & Closeable) => Streams;

/** What every server of this folder may be told beside what the original takes; all of it has a default. */
export interface AcceptOptions extends FrameConnectionOptions {
  /** Time in which the first frame must be whole. Default the core's `TIME_TO_FIRST_FRAME_MS`. */
  readonly timeToFirstFrameMs?: number | undefined;
  /** Time in which the acceptor must have decided. Default the core's `ACCEPT_TIMEOUT_MS`. */
  readonly acceptTimeoutMs?: number | undefined;
}

/**
 * The server's side of a connection, for the server of rsocket-core: waits for the first frame, however many pieces it
 * comes in, lets the acceptor decide, and then delivers what has come meanwhile. Who asks for resumption is refused.
 */
export function acceptClient(
  connection: DuplexConnection,
  acceptor: ConnectionAcceptor,
  factory: ServerFactory,
  options: AcceptOptions,
): void {
  const { timeToFirstFrameMs = TIME_TO_FIRST_FRAME_MS, acceptTimeoutMs = ACCEPT_TIMEOUT_MS } = options;
  let timer: NodeJS.Timeout;
  const refuse = (code: string, errorCode: number, message: string): void => {
    const error = { type: FrameType.ERROR, flags: 0, streamId: 0, code: errorCode, message };
    server.send(error as unknown as Frame);
    server.close(new RSocketError(code, message, errorCode));
  };
  const decide = async (first: AnyFrame): Promise<void> => {
    const frame = first as unknown as Frame;
    server.multiplexerDemultiplexer = factory(frame, server);
    // The factory may have refused it already.
    if (server.done) return;
    await acceptor(frame, server);
  };
  const onFirst = (first: AnyFrame): void => {
    clearTimeout(timer);
    if (asksToResume(first)) {
      const isSetup = first.type === FrameType.SETUP;
      refuse(
        isSetup ? 'ERR_FLYSOCKET_REJECTED_SETUP' : 'ERR_FLYSOCKET_REJECTED_RESUME',
        isSetup ? ErrorCode.REJECTED_SETUP : ErrorCode.REJECTED_RESUME,
        'no resumption here',
      );
      return;
    }
    timer = setTimeout(() => {
      const message = `the acceptor has not decided within ${acceptTimeoutMs} ms`;
      refuse('ERR_FLYSOCKET_REJECTED_SETUP', ErrorCode.REJECTED_SETUP, message);
    }, acceptTimeoutMs);
    decide(first)
      .then(
        () => server.deliver(),
        (error: Error) => server.close(error),
      )
      .finally(() => clearTimeout(timer));
  };
  const server = new FrameConnection(connection, options, onFirst);
  timer = setTimeout(() => {
    const message = `no frame within ${timeToFirstFrameMs} ms`;
    refuse('ERR_FLYSOCKET_SETUP_TIMEOUT', ErrorCode.INVALID_SETUP, message);
  }, timeToFirstFrameMs);
  server.onClose(() => clearTimeout(timer));
}

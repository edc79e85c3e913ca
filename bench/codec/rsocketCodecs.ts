/** What the benches use of the codecs of npm rsocket-core 1.0.0-alpha.3 and 0.0.27. */
import { loadRival } from '../loadRival.ts';

export interface RSocketFrame {
  type: number;
  flags: number;
  streamId: number;
  metadata: Buffer | null;
  data: Buffer | null;
}

export interface RSocketCodec {
  readonly name: string;
  serializeFrame(frame: RSocketFrame, encoders: unknown): Buffer;
  deserializeFrame(buffer: Buffer, encoders: unknown): RSocketFrame;
  /** Makes 0.0.27 take and give Buffers; the other has no such choice. */
  readonly BufferEncoders?: unknown;
}

export const ALPHA = 'rsocket-core 1.0.0-alpha.3';
export const ZERO = 'rsocket-core 0.0.27';

/** Those that are installed. */
export function rsocketCodecs(): RSocketCodec[] {
  return [...load('rsocket-core', ALPHA), ...load('rsocket-core-0', ZERO)];
}

function load(rival: string, name: string): RSocketCodec[] {
  const codec = loadRival<Omit<RSocketCodec, 'name'>>(rival);
  if (codec === undefined) return [];
  const { serializeFrame, deserializeFrame, BufferEncoders } = codec;
  return [{ name, serializeFrame, deserializeFrame, BufferEncoders }];
}

import { EncodeContender } from './EncodeContender.ts';
import { streamIdOf } from './frames.ts';
import type { RSocketCodec, RSocketFrame } from './rsocketCodecs.ts';

/** npm rsocket-core, which makes a Buffer for each frame. */
export class RSocketCoreEncode extends EncodeContender {
  readonly #codec: RSocketCodec;
  readonly #template: RSocketFrame;
  #last: Uint8Array = Buffer.alloc(0);

  /** @param template the frame, but for its stream id */
  constructor(codec: RSocketCodec, template: RSocketFrame, expected: (streamId: number) => Buffer) {
    super(codec.name, expected);
    this.#codec = codec;
    this.#template = template;
  }

  protected override encode(count: number): number {
    const { serializeFrame, BufferEncoders } = this.#codec;
    const { type, flags, metadata, data } = this.#template;
    let bytes = 0;
    let frame: Buffer = Buffer.alloc(0);
    for (let operation = 0; operation < count; operation++) {
      frame = serializeFrame({ type, flags, streamId: streamIdOf(operation), metadata, data }, BufferEncoders);
      bytes += frame.length;
    }
    this.#last = frame;
    return bytes;
  }

  protected override last(): Uint8Array {
    return this.#last;
  }
}

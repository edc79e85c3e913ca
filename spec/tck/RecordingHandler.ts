import type { DirectBuffer, RSocketError } from 'flysocket/flyweight';
import type { FrameHandler } from 'flysocket/transport';

/** Keeps a copy of every frame, and every other signal in its order. */
export class RecordingHandler implements FrameHandler {
  readonly frames: Uint8Array[] = [];
  /** `frame`, `writable` and `closed`, in the order in which they came. */
  readonly signals: ('frame' | 'writable' | 'closed')[] = [];
  readonly closedWith: (RSocketError | undefined)[] = [];
  /** Called after each frame was kept. */
  afterFrame: (frame: Uint8Array) => void = () => {};
  afterWritable: () => void = () => {};

  onFrame(buffer: DirectBuffer, offset: number, length: number): void {
    const frame = buffer.copyOf(offset, length);
    this.frames.push(frame);
    this.signals.push('frame');
    this.afterFrame(frame);
  }

  onWritable(): void {
    this.signals.push('writable');
    this.afterWritable();
  }

  onClosed(error: RSocketError | undefined): void {
    this.signals.push('closed');
    this.closedWith.push(error);
  }

  count(signal: 'frame' | 'writable' | 'closed'): number {
    return this.signals.filter((each) => each === signal).length;
  }
}

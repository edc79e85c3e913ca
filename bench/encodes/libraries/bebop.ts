import type { FrameLibrary } from '../FrameLibrary.ts';

/** What the bench uses of bebop 3.2.3. */
export interface Bebop {
  readonly BebopView: { getInstance(): BebopView };
}

interface BebopView {
  startWriting(): void;
  startReading(bytes: Uint8Array): void;
  writeByte(value: number): void;
  writeUint16(value: number): void;
  writeUint32(value: number): void;
  writeBytes(value: Uint8Array): void;
  readByte(): number;
  readUint16(): number;
  readUint32(): number;
  readBytes(): Uint8Array;
  toArray(): Uint8Array;
}

/**
 * By hand what `bebopc` makes of
 * `struct Frame { uint32 streamId; byte type; uint16 flags; byte[] metadata; byte[] data; }`.
 */
export function bebop({ BebopView }: Bebop): FrameLibrary {
  const view = BebopView.getInstance();
  return {
    name: 'bebop',
    encode({ streamId, type, flags, metadata, data }) {
      view.startWriting();
      view.writeUint32(streamId);
      view.writeByte(type);
      view.writeUint16(flags);
      view.writeBytes(metadata);
      view.writeBytes(data);
      return view.toArray();
    },
    decode(bytes) {
      view.startReading(bytes);
      return {
        streamId: view.readUint32(),
        type: view.readByte(),
        flags: view.readUint16(),
        metadata: view.readBytes(),
        data: view.readBytes(),
      };
    },
  };
}

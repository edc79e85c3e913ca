import { MessageChannel, type Transferable } from 'node:worker_threads';
import { Encoding, type Serializer, StructuredCloneSerializer, ValueCodec, ValuePort } from 'flysocket/workers';

/** Two codecs with a channel between them, as at both ends of a link. */
export class RoundTrip {
  readonly sender: ValueCodec;
  readonly receiver: ValueCodec;
  readonly #ports: readonly ValuePort[];

  constructor(make: () => Serializer = () => new StructuredCloneSerializer()) {
    const { port1, port2 } = new MessageChannel();
    this.#ports = [new ValuePort(port1), new ValuePort(port2)];
    this.sender = new ValueCodec(make(), this.#ports[0] as ValuePort);
    this.receiver = new ValueCodec(make(), this.#ports[1] as ValuePort);
  }

  /** What arrives when `value` is sent. */
  of(value: unknown, transferList?: readonly Transferable[]): unknown {
    this.sender.encode(value, transferList);
    const { encoding, buffer, offset, length } = this.sender;
    return this.receiver.decode(encoding, buffer, offset, length);
  }

  /** The name of the encoding that was used last. */
  get way(): string {
    return Object.entries(Encoding).find(([, number]) => number === this.sender.encoding)?.[0] as string;
  }

  close(): void {
    for (const port of this.#ports) port.close();
  }
}

/** What a function returned or threw. */
export interface Outcome {
  readonly value?: unknown;
  readonly error?: unknown;
}

export function outcomeOf(run: () => unknown): Outcome {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
}

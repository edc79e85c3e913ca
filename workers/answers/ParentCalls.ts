/** What a worker calls in its parent: requests on the link that the parent calls it on, the other way. */
import { IgnoringSubscriber } from '../../core/index.ts';
import { type PayloadFlyweight, RSocketError } from '../../flyweight/index.ts';
import { BACK_PRESSURED } from '../../transport/index.ts';
import type { CallLink } from '../calls/CallLink.ts';
import { CallTargets } from '../calls/CallTargets.ts';
import { RESERVED_CREDIT } from '../calls/ValuePump.ts';
import { ValueStream } from '../calls/ValueStream.ts';
import { CALL_PREFETCH, MAX_WAITING_PARENT_CALLS } from '../limits.ts';
import { CallFlag, NO_SLOT } from '../values/CallHeaderDescriptor.ts';
import { errorOfDescription } from '../values/describeThrown.ts';
import { isMoved, movedOut } from '../values/movedOut.ts';
import type { Transfer } from '../values/Transfer.ts';
import type { ParentCaller, ParentCallOptions, ParentStreamOptions } from './TaskContext.ts';

export class ParentCalls implements ParentCaller {
  readonly #link: CallLink;
  readonly #targets: CallTargets = new CallTargets();
  /** Calls that wait for room. */
  #waiting = 0;

  constructor(link: CallLink) {
    this.#link = link;
  }

  run(name: string, value?: unknown, options: ParentCallOptions = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { signal } = options;
      signal?.throwIfAborted();
      const answer = new ParentAnswer(this.#link, resolve, reject);
      this.#start(answer, signal, value, options, (moved, transfer) => {
        const target = this.#targets.of('', name);
        const defined = this.#link.define(target);
        return defined > 0 ? this.#link.call(target, NO_SLOT, 0, moved, transfer, answer) : defined;
      });
    });
  }

  requestStream(name: string, value?: unknown, options: ParentStreamOptions = {}): AsyncIterable<unknown> {
    const { signal, prefetch = CALL_PREFETCH } = options;
    const answer: ParentAnswer = new ParentAnswer(
      this.#link,
      () => stream.end(),
      (error) => stream.fail(error),
    );
    const stream: ValueStream<unknown> = new ValueStream(
      {
        begin: () => {
          signal?.throwIfAborted();
          this.#start(answer, signal, value, options, (moved, transfer) => {
            const target = this.#targets.of('', name);
            const defined = this.#link.define(target);
            const requestN = prefetch + RESERVED_CREDIT;
            return defined > 0 ? this.#link.stream(target, NO_SLOT, moved, transfer, requestN, answer) : defined;
          });
        },
        request: (n) => this.#link.peer.request(answer.streamId, n),
        leave: () => this.#abort(answer),
      },
      prefetch,
    );
    answer.stream = stream;
    return stream;
  }

  #start(
    answer: ParentAnswer,
    signal: AbortSignal | undefined,
    task: unknown,
    { transferList }: ParentCallOptions,
    send: (value: unknown, transfer: Transfer) => number,
  ): void {
    if (signal !== undefined) {
      const onAbort = (): void => {
        answer.fail(signal.reason);
        this.#abort(answer);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      answer.onEnd = () => signal.removeEventListener('abort', onAbort);
    }
    const listed = transferList as Transfer;
    const { value, transfer } = isMoved(task) ? movedOut(task, listed) : { value: task, transfer: listed };
    const attempt = (): void => {
      if (answer.isOver) return;
      try {
        const result = send(value, transfer);
        if (result > 0) answer.streamId = result;
        else if (result === BACK_PRESSURED) this.#wait(answer, attempt);
        else answer.fail(new RSocketError('ERR_FLYSOCKET_CONNECTION_CLOSED', 'the link to the parent has ended'));
      } catch (error) {
        answer.fail(error);
      }
    };
    attempt();
  }

  #wait(answer: ParentAnswer, attempt: () => void): void {
    if (this.#waiting === MAX_WAITING_PARENT_CALLS) {
      const message = `too many calls to the parent wait for room: maximum ${MAX_WAITING_PARENT_CALLS}`;
      answer.fail(new RSocketError('ERR_FLYSOCKET_TOO_MANY_WAITING', message));
      return;
    }
    this.#waiting++;
    this.#link.whenWritable(() => {
      this.#waiting--;
      attempt();
    });
  }

  #abort(answer: ParentAnswer): void {
    if (answer.streamId === 0) return;
    const attempt = (): void => {
      if (this.#link.abort(answer.streamId) === BACK_PRESSURED) this.#link.whenWritable(attempt);
    };
    attempt();
  }
}

/** What comes back of one call. */
class ParentAnswer extends IgnoringSubscriber {
  streamId = 0;
  /** Settled, here or there. */
  isOver = false;
  stream: ValueStream<unknown> | undefined;
  onEnd: () => void = ignore;
  readonly #link: CallLink;
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: unknown) => void;

  constructor(link: CallLink, resolve: (value: unknown) => void, reject: (error: unknown) => void) {
    super();
    this.#link = link;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  override onNext(payload: PayloadFlyweight): void {
    const flags = this.#link.values.flagsOf(payload);
    try {
      const value = this.#link.values.valueOf(payload);
      if ((flags & CallFlag.THROWN) !== 0)
        this.fail((flags & CallFlag.DESCRIBED) === 0 ? value : errorOfDescription(value));
      else if (this.stream !== undefined) this.stream.push(value);
      else this.#settle(() => this.#resolve(value));
    } catch (error) {
      this.fail(error);
    }
    this.#link.peer.connection.yieldSoon();
  }

  override onComplete(): void {
    this.#settle(() => this.#resolve(undefined));
    this.#link.peer.connection.yieldSoon();
  }

  override onError(error: RSocketError): void {
    this.fail(error);
  }

  fail(error: unknown): void {
    this.#settle(() => this.#reject(error));
  }

  #settle(how: () => void): void {
    if (this.isOver) return;
    this.isOver = true;
    this.onEnd();
    how();
  }
}

function ignore(): void {}

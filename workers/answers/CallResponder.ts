/**
 * Answers the calls of the other end of a link, on the low level. A function that returns at once is answered at once,
 * without anything that would outlive it; one that returns a promise has a `PendingAnswer`, one that returns items a
 * `StreamAnswer`.
 */
import { IGNORING_SUBSCRIBER, type RequestHandler, type StreamSubscriber } from '../../core/index.ts';
import { ErrorCode, type PayloadFlyweight, RSocketError } from '../../flyweight/index.ts';
import type { CallLink } from '../calls/CallLink.ts';
import { isPromise } from '../calls/isPromise.ts';
import { CallFlag, CallKind, flagsIn, kindIn, NO_SLOT, TARGET_OFFSET } from '../values/CallHeaderDescriptor.ts';
import { describeThrown, isToBeDescribed } from '../values/describeThrown.ts';
import { isMoved, movedOut } from '../values/movedOut.ts';
import { enterTask, type TaskScope } from './currentTask.ts';
import type { CalledFunction, FunctionSource } from './FunctionSource.ts';
import { type AnswerOwner, StreamAnswer } from './StreamAnswer.ts';
import { type ParentCaller, TaskContext } from './TaskContext.ts';

/** A function that has been defined on the link. */
interface Target {
  readonly filename: string;
  readonly name: string;
  /** Undefined until it was found. */
  called: CalledFunction | undefined;
}

/** What runs and can be given up. */
interface Abortable {
  abort(reason: unknown): void;
}

export class CallResponder implements RequestHandler, TaskScope, AnswerOwner {
  readonly #source: FunctionSource;
  readonly #passesContext: boolean;
  /** The words of `StartedCalls`; empty where nobody asks. */
  readonly #started: Int32Array;
  readonly #targets: Target[] = [];
  readonly #running: Map<number, Abortable> = new Map();
  #link!: CallLink;
  #parent: ParentCaller | undefined;
  /** That of the call whose function runs now, if it was asked for. */
  #context: TaskContext | undefined;
  #name = '';
  #isFlushDue = false;
  readonly #flush: () => void = () => {
    this.#isFlushDue = false;
    this.#link.peer.connection.flush();
  };

  constructor(source: FunctionSource, started: Int32Array = new Int32Array(0)) {
    this.#source = source;
    this.#passesContext = source.passesContext;
    this.#started = started;
  }

  /** Before the first request. @param parent for functions that may call back */
  attach(link: CallLink, parent?: ParentCaller): void {
    this.#link = link;
    this.#parent = parent;
  }

  /** The link has ended: so have its calls, whatever their functions do. */
  close(): void {
    const reason = new RSocketError('ERR_FLYSOCKET_PEER_DIED', 'the caller is gone');
    for (const running of [...this.#running.values()]) running.abort(reason);
    this.#running.clear();
  }

  /** Of the call whose function runs now. */
  get context(): TaskContext {
    this.#context ??= this.newContext(this.#name);
    return this.#context;
  }

  /** Of a call of that name. */
  newContext(name: string): TaskContext {
    return new TaskContext(name, this.#parent);
  }

  requestResponse(payload: PayloadFlyweight, streamId: number): StreamSubscriber | undefined {
    const header = payload.metadataBuffer;
    const word = header.getInt32(payload.metadataOffset);
    if (kindIn(word) === CallKind.PING) {
      this.#link.answer(streamId, undefined, undefined);
      return undefined;
    }
    const target = this.#begin(payload, streamId);
    const flags = flagsIn(word);
    let value: unknown;
    let context: TaskContext | undefined;
    try {
      if ((flags & CallFlag.IN_PLACE) === 0) {
        value = this.#link.values.valueOf(payload);
      } else {
        context = this.newContext(target.name);
        value = this.#shown(payload, context);
      }
    } catch (error) {
      this.#answerThrown(streamId, error, context);
      return undefined;
    }
    const isDiscarded = (flags & CallFlag.DISCARD) !== 0;
    const called = target.called;
    if (called === undefined) this.#callLater(target, value, streamId, isDiscarded, context);
    else this.#call(called, target.name, value, streamId, isDiscarded, context);
    return undefined;
  }

  requestStream(payload: PayloadFlyweight, initialRequestN: number, streamId: number): StreamSubscriber {
    return this.#answerStream(payload, initialRequestN, streamId, false);
  }

  requestChannel(payload: PayloadFlyweight, initialRequestN: number, streamId: number): StreamSubscriber {
    return this.#answerStream(payload, initialRequestN, streamId, true);
  }

  fireAndForget(payload: PayloadFlyweight): void {
    const header = payload.metadataBuffer;
    if (kindIn(header.getInt32(payload.metadataOffset)) === CallKind.ABORT) {
      const reason = new RSocketError('ERR_FLYSOCKET_CANCELED', 'the caller has given up', ErrorCode.CANCELED);
      this.#running.get(payload.dataBuffer.getInt32(payload.dataOffset))?.abort(reason);
      return;
    }
    const index = header.getInt32(payload.metadataOffset + TARGET_OFFSET);
    const [filename = '', name = ''] = payload.dataUtf8().split('\0');
    this.#targets[index] = { filename, name, called: undefined };
  }

  /** The function of that target. @throws (or rejects with) why there is none */
  find(target: Target): CalledFunction | Promise<CalledFunction> {
    if (target.called !== undefined) return target.called;
    const found = this.#source.find(target.filename, target.name);
    if (typeof found === 'function') {
      target.called = found;
      return found;
    }
    return found.then((called) => {
      target.called = called;
      return called;
    });
  }

  /** A stream has ended. */
  untrack(streamId: number): void {
    this.#running.delete(streamId);
  }

  /** Answers with what a function has returned, after which its memory is let go. */
  #answerValue(streamId: number, result: unknown, context: TaskContext | undefined): void {
    try {
      const holder = result instanceof Uint8Array ? context?.holderOf(result) : undefined;
      if (holder !== undefined) {
        this.#link.nextIn(holder, streamId, result as Uint8Array, true);
      } else if (isMoved(result)) {
        const { value, transfer } = movedOut(result, undefined);
        this.#link.answer(streamId, value, transfer);
      } else {
        this.#link.answer(streamId, result, undefined);
      }
    } catch (error) {
      this.#answerThrown(streamId, error, context);
      return;
    }
    context?.end();
  }

  /** Answers with what a function has thrown. Some go as descriptions, by which they stay what they are. */
  #answerThrown(streamId: number, thrown: unknown, context: TaskContext | undefined): void {
    context?.end();
    if (!isToBeDescribed(thrown)) {
      try {
        this.#link.answer(streamId, thrown, undefined, CallFlag.THROWN);
        return;
      } catch {
        // It cannot be cloned.
      }
    }
    try {
      this.#link.answer(streamId, describeThrown(thrown), undefined, CallFlag.THROWN | CallFlag.DESCRIBED);
    } catch (error) {
      this.#link.peer.error(streamId, ErrorCode.APPLICATION_ERROR, String(error));
    }
  }

  /** The bytes of a task where they lie, for as long as it runs; a copy if they did not come by reference. */
  #shown(payload: PayloadFlyweight, context: TaskContext): unknown {
    const held = this.#link.values.retain(payload);
    if (held === undefined) return this.#link.values.valueOf(payload);
    context.own(held);
    return held.buffer.slice(held.offset, held.length);
  }

  /** Notes that the call has come. */
  #begin(payload: PayloadFlyweight, streamId: number): Target {
    const word = payload.metadataBuffer.getInt32(payload.metadataOffset + TARGET_OFFSET);
    const slot = word >>> 16;
    if (slot !== NO_SLOT && slot < this.#started.length) this.#started[slot] = streamId;
    return this.#targets[word & 0xffff] as Target;
  }

  #call(
    called: CalledFunction,
    name: string,
    value: unknown,
    streamId: number,
    isDiscarded: boolean,
    own: TaskContext | undefined,
  ): void {
    this.#name = name;
    this.#context = own;
    const before = enterTask(this);
    let result: unknown;
    try {
      result = this.#passesContext ? called(value, this.context) : called(value);
    } catch (error) {
      enterTask(before);
      this.#answerThrown(streamId, error, this.#context);
      return;
    }
    enterTask(before);
    if (isPromise(result)) this.#answerLater(streamId, result, isDiscarded, this.#context);
    else this.#answerValue(streamId, isDiscarded ? undefined : result, this.#context);
  }

  #callLater(
    target: Target,
    value: unknown,
    streamId: number,
    isDiscarded: boolean,
    context: TaskContext | undefined,
  ): void {
    const call = (found: CalledFunction): void => this.#call(found, target.name, value, streamId, isDiscarded, context);
    const fail = (error: unknown): void => this.#answerThrown(streamId, error, context);
    try {
      const found = this.find(target);
      if (typeof found === 'function') call(found);
      else found.then(call, fail);
    } catch (error) {
      fail(error);
    }
  }

  #answerLater(
    streamId: number,
    result: PromiseLike<unknown>,
    isDiscarded: boolean,
    context: TaskContext | undefined,
  ): void {
    if (context !== undefined) this.#running.set(streamId, context);
    result.then(
      (value) => {
        if (context !== undefined) this.#running.delete(streamId);
        this.#answerValue(streamId, isDiscarded ? undefined : value, context);
        this.#flushSoon();
      },
      (error: unknown) => {
        if (context !== undefined) this.#running.delete(streamId);
        this.#answerThrown(streamId, error, context);
        this.#flushSoon();
      },
    );
    this.#link.peer.connection.yieldSoon();
  }

  /** What is answered outside of a pass of the drain loop leaves in this turn: its thread may be about to end. */
  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    queueMicrotask(this.#flush);
  }

  #answerStream(payload: PayloadFlyweight, demand: number, streamId: number, isChannel: boolean): StreamSubscriber {
    const target = this.#begin(payload, streamId);
    const answer = new StreamAnswer(this, this.#link, streamId, demand, target.name, this.#passesContext);
    this.#running.set(streamId, answer);
    try {
      const isInPlace = (this.#link.values.flagsOf(payload) & CallFlag.IN_PLACE) !== 0;
      let value: unknown;
      if (isChannel) value = answer.openInbound();
      else value = isInPlace ? this.#shown(payload, answer.context) : this.#link.values.valueOf(payload);
      const found = this.find(target);
      if (typeof found === 'function') answer.call(found, value);
      else
        found.then(
          (called) => answer.call(called, value),
          (error: unknown) => answer.fail(error),
        );
    } catch (error) {
      answer.fail(error);
    }
    return answer.isOver ? IGNORING_SUBSCRIBER : answer;
  }
}

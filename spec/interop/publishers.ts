/** Items on demand, for implementations whose users write callbacks, and for tests. */
import type { Publisher, Sink, Source } from './Implementation.ts';
import { bytesOf, type Item } from './Item.ts';
import { countAskedFor, type ErrorAnswer, errorAskedFor, type ReferenceLog } from './ReferenceLog.ts';

/** Makes an implementation's own error. */
export type ErrorMaker = (answer: ErrorAnswer) => Error;

/** `items`, and then the end: `error` if there is one. */
export function itemsPublisher(items: readonly Item[], error?: Error): Publisher {
  return countedPublisher(
    items.length,
    (i) => items[i] as Item,
    error,
    () => {},
  );
}

/** Answers a request-stream as `ReferenceLog` says. */
export function streamPublisher(request: Item, log: ReferenceLog, errorOf: ErrorMaker): Publisher {
  const asked = errorAskedFor(request);
  const make = (i: number): Item => {
    log.produced++;
    return { data: bytesOf(String(i)), metadata: request.metadata };
  };
  const onCancel = (): void => {
    log.cancels++;
  };
  return countedPublisher(countAskedFor(request), make, asked && errorOf(asked), onCancel);
}

/** Answers a request-channel as `ReferenceLog` says. */
export function echoPublisher(items: Publisher, log: ReferenceLog, errorOf: ErrorMaker): Publisher {
  return (sink) => {
    let isOver = false;
    const end = (how: () => void): void => {
      if (isOver) return;
      isOver = true;
      how();
    };
    const source = items({
      next: (item) => {
        const asked = errorAskedFor(item);
        if (asked === undefined) sink.next(item);
        else end(() => sink.fail(errorOf(asked)));
      },
      complete: () => end(() => sink.complete()),
      fail: (error) => {
        log.failures.push(error.message);
        end(() => sink.fail(error));
      },
    });
    return {
      request: (n) => source.request(n),
      cancel: () =>
        end(() => {
          log.cancels++;
          source.cancel();
        }),
    };
  };
}

function countedPublisher(
  count: number,
  make: (index: number) => Item,
  error: Error | undefined,
  onCancel: () => void,
): Publisher {
  return (sink: Sink): Source => {
    let sent = 0;
    let isOver = false;
    const endIfDone = (): void => {
      if (isOver || sent < count) return;
      isOver = true;
      if (error === undefined) sink.complete();
      else sink.fail(error);
    };
    return {
      request: (n) => {
        for (let left = n; left > 0 && sent < count && !isOver; left--) sink.next(make(sent++));
        endIfDone();
      },
      cancel: () => {
        if (!isOver) onCancel();
        isOver = true;
      },
    };
  };
}

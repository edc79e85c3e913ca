import type { LinkPort } from './ThreadPlatform.ts';

/** Who gets the notes of the other end of a link. */
export type NoteListener = (note: unknown) => void;

/**
 * What two ends of a link tell each other beside frames, over the port that carries the doorbell: rare things, and
 * those that memory cannot carry, such as another port. Notes keep their order among themselves, not with frames.
 */
export class LinkNotes {
  readonly #port: LinkPort;
  readonly #listeners: Set<NoteListener> = new Set();

  constructor(port: LinkPort) {
    this.#port = port;
  }

  /** Sends a note; a closed link drops it. @param ports that lie in it and go with it */
  send(note: object, ports: readonly LinkPort[] = []): void {
    this.#port.postMessage(note, ports);
  }

  /** From now on `listener` gets every note; who does not know one ignores it. */
  add(listener: NoteListener): void {
    this.#listeners.add(listener);
  }

  remove(listener: NoteListener): void {
    this.#listeners.delete(listener);
  }

  /** Called by the link, with what came through its port. */
  deliver(note: unknown): void {
    for (const listener of this.#listeners) listener(note);
  }
}

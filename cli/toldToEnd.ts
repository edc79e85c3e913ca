import type { Host } from './Host.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** Exit code after a second signal. */
const AT_ONCE = 1;

/** Waits for the first SIGINT or SIGTERM; a second one ends the process at once. */
export function toldToEnd(host: Host): { readonly signal: Promise<string>; forget(): void } {
  let listener: (signal: NodeJS.Signals) => void = () => {};
  const signal = new Promise<string>((resolve) => {
    let isEnding = false;
    listener = (name) => {
      if (isEnding) host.exit(AT_ONCE);
      isEnding = true;
      resolve(name);
    };
  });
  for (const name of SIGNALS) host.on(name, listener);
  return {
    signal,
    forget: () => {
      for (const name of SIGNALS) host.off(name, listener);
    },
  };
}

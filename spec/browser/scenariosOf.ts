import type { Page } from 'playwright-core';

/** What a page calls its scenarios, of type `S`: each call runs there, and its result is copied. */
export function scenariosOf<S extends object>(page: Page): S {
  const run = (name: string, args: readonly unknown[]): Promise<unknown> =>
    page.evaluate(
      ([name, args]) =>
        (globalThis as unknown as { scenarios: Record<string, (...args: readonly unknown[]) => unknown> }).scenarios[
          name
        ]?.(...args),
      [name, args] as const,
    );
  return new Proxy({} as S, {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        run(String(name), args),
  });
}

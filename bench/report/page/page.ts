/** The program of the report's page: draws every figure anew as wide as there is room, and with a pointer to answer. */
import { plot } from '@observablehq/plot';
import type { BenchRecord } from '../../harness/records/BenchRecord.ts';
import { everyFigure } from '../claims.ts';
import { Evidence } from '../Evidence.ts';
import type { Figure } from '../figures/Figure.ts';

/** What a page has and Node has not. */
interface PageElement {
  readonly clientWidth: number;
  readonly dataset: Record<string, string>;
  readonly textContent: string;
  replaceChildren(...children: unknown[]): void;
  addEventListener(type: 'click', listener: () => void): void;
}
interface Page {
  readonly document: {
    readonly documentElement: PageElement;
    getElementById(id: string): PageElement;
    querySelectorAll(selector: string): Iterable<PageElement>;
  };
  readonly ResizeObserver: new (listener: () => void) => { observe(element: PageElement): void };
  matchMedia(query: string): { readonly matches: boolean };
}

const LEAST_WIDTH = 560;

const { document, ResizeObserver, matchMedia } = globalThis as unknown as Page;
const evidence = new Evidence(JSON.parse(document.getElementById('records').textContent) as BenchRecord[]);
const figures = new Map(everyFigure.map((figure) => [figure.id, figure]));

for (const place of document.querySelectorAll('[data-figure]')) {
  const figure = figures.get(place.dataset['figure'] as string) as Figure;
  let drawnWidth = 0;
  const draw = (): void => {
    const width = Math.max(LEAST_WIDTH, place.clientWidth);
    if (width === drawnWidth) return;
    drawnWidth = width;
    const options = figure.plot(evidence, { width, hasPointer: true });
    if (options !== undefined) place.replaceChildren(plot(options));
  };
  draw();
  new ResizeObserver(draw).observe(place);
}

document.getElementById('theme').addEventListener('click', () => {
  const { dataset } = document.documentElement;
  const isDark =
    dataset['theme'] === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : dataset['theme'] === 'dark';
  dataset['theme'] = isDark ? 'light' : 'dark';
});

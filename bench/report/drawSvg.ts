import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Evidence } from './Evidence.ts';
import type { Figure } from './figures/Figure.ts';
import { THEME } from './theme.ts';

/**
 * Draws a figure as an `<svg>`, whose colours come from the page that it stands in.
 * @returns undefined if nothing of it was measured
 */
export function drawFigure(figure: Figure, evidence: Evidence, width: number): string | undefined {
  const options = figure.plot(evidence, { width, hasPointer: false });
  if (options === undefined) return undefined;
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const drawn = plot({ ...options, document } as PlotOptions & { document: unknown }) as unknown as SvgElement;
  return drawn.outerHTML;
}

/**
 * Draws a figure as the text of an SVG file, which is light or dark as its reader's system is.
 * @returns undefined if nothing of it was measured
 */
export function drawSvg(figure: Figure, evidence: Evidence, width: number): string | undefined {
  const svg = drawFigure(figure, evidence, width)?.replace(
    '<svg ',
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" ',
  );
  if (svg === undefined) return undefined;
  const first = svg.indexOf('>') + 1;
  const title = `<title>${escapeXml(figure.title)}</title>`;
  const paper = '<rect width="100%" height="100%" fill="var(--paper)"/>';
  return `${svg.slice(0, first)}${title}<style>\n${THEME}</style>${paper}${svg.slice(first)}\n`;
}

/** What of an element of a page is used here. */
interface SvgElement {
  readonly outerHTML: string;
}

/** As it may stand in XML or HTML, between tags or within quotes. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

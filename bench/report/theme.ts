import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the repository; this program runs from .build/bench/report. */
export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url));

/** The colours, for light and for dark, and how text in figures looks. */
export const THEME: string = readFileSync(`${ROOT}bench/report/theme.css`, 'utf8');

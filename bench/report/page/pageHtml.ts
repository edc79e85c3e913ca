import { readFileSync } from 'node:fs';
import { conditionsText, machineText } from '../../harness/program/report.ts';
import { figure } from '../../harness/program/table.ts';
import type { BenchRecord } from '../../harness/records/BenchRecord.ts';
import type { Claim } from '../Claim.ts';
import { otherCaveats } from '../claims.ts';
import { drawFigure, escapeXml } from '../drawSvg.ts';
import type { Evidence } from '../Evidence.ts';
import type { Figure } from '../figures/Figure.ts';
import { headlinesFigure } from '../figures/headlinesFigure.ts';
import { type GoalLine, goalLines } from '../goals.ts';
import { ROOT, THEME } from '../theme.ts';

export interface PageContents {
  readonly evidence: Evidence;
  readonly claims: readonly Claim[];
  /** The text of the page's program. */
  readonly program: string;
}

/** Before the program draws them anew, as wide as the page is; and where there is no program to do it. */
const WIDTH = 900;

/** The whole report: one page that needs nothing else, neither files nor network. */
export function pageHtml({ evidence, claims, program }: PageContents): string {
  const css = readFileSync(`${ROOT}bench/report/page/page.css`, 'utf8');
  const sections = claims.map((claim) => section(claim, evidence)).filter((html) => html !== '');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>flysocket: the evidence</title>
<style>
${THEME}${css}</style>
</head>
<body>
<header>
<button type="button" id="theme">light or dark</button>
<h1>flysocket: the evidence</h1>
${evidence.records.map(conditions).join('\n')}
<nav>${claims.map(({ id, title }) => `<a href="#${id}">${escapeXml(title)}</a>`).join(' ')}</nav>
</header>
<main>
${picture(headlinesFigure, evidence)}
<h2 id="goals">Goals</h2>
${goalTable(goalLines(evidence, ['']))}
${list(otherCaveats)}
${sections.join('\n')}
<h2 id="skipped">Not measured</h2>
${evidence.skipped.length === 0 ? '<p>Nothing is missing.</p>' : list(evidence.skipped)}
</main>
<script type="application/json" id="records">${JSON.stringify(evidence.records).replaceAll('<', '\\u003c')}</script>
<script type="module">${program.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
}

function conditions(record: BenchRecord): string {
  const pace = record.quick ? ', a quick run' : '';
  const lines = [`${record.date}${pace}: ${machineText(record.machine)}`, conditionsText(record)];
  return `<p>${lines.map(escapeXml).join('<br>')}</p>`;
}

function section({ id, title, said, measured, groups, figures, caveats }: Claim, evidence: Evidence): string {
  const rows = groups.flatMap((group) => evidence.rows(group));
  if (rows.length === 0) return '';
  const goals = goalLines(evidence, groups);
  return `<section>
<h2 id="${id}">${escapeXml(title)}</h2>
<p class="said">${escapeXml(said)}</p>
<p>${escapeXml(measured)} <code>npm run bench -- --only ${groups.join(',')}</code></p>
${goals.length === 0 ? '' : goalTable(goals)}
${figures.map((each) => picture(each, evidence)).join('\n')}
${caveats.length === 0 ? '' : list(caveats)}
<details><summary>All figures</summary>
${table(
  ['', 'median', 'least', 'greatest', 'unit', 'B/op'],
  rows.map(({ group, contender, median, min, max, unit, bytesPerOp }) => [
    `${group}: ${contender}`,
    ...[median, min, max].map(figure),
    unit,
    figure(bytesPerOp),
  ]),
)}
</details>
</section>`;
}

function picture(each: Figure, evidence: Evidence): string {
  const svg = drawFigure(each, evidence, WIDTH);
  if (svg === undefined) return '';
  return `<figure>
<h3>${escapeXml(each.title)}</h3>
<div class="plot" data-figure="${each.id}">${svg}</div>
<figcaption>${escapeXml(each.caption)}</figcaption>
</figure>`;
}

function goalTable(goals: readonly GoalLine[]): string {
  const cells = goals.map(({ name, reached, interval, goal, verdict }) => [name, reached, interval, goal, verdict]);
  const classes = goals.map(({ isMet }) => (isMet ? 'met' : 'missed'));
  return table(['', 'reached', '95 % interval', 'goal', ''], cells, classes);
}

/** @param classes of the last cell of each row */
function table(head: readonly string[], rows: readonly (readonly string[])[], classes: readonly string[] = []): string {
  const row = (cells: readonly string[], index: number): string =>
    cells
      .map((cell, column) => {
        const isMarked = column === cells.length - 1 && classes[index] !== undefined;
        return `<td${isMarked ? ` class="${classes[index]}"` : ''}>${escapeXml(cell)}</td>`;
      })
      .join('');
  return `<div class="table"><table>
<tr>${head.map((cell) => `<th>${escapeXml(cell)}</th>`).join('')}</tr>
${rows.map((cells, index) => `<tr>${row(cells, index)}</tr>`).join('\n')}
</table></div>`;
}

function list(lines: readonly string[]): string {
  return `<ul>${lines.map((line) => `<li>${escapeXml(line)}</li>`).join('')}</ul>`;
}

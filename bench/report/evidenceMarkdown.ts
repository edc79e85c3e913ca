import { conditionsText, machineText } from '../harness/program/report.ts';
import type { Claim } from './Claim.ts';
import { otherCaveats } from './claims.ts';
import type { Evidence } from './Evidence.ts';
import { headlinesFigure } from './figures/headlinesFigure.ts';
import { type GoalLine, goalLines } from './goals.ts';

/** Where the pictures are, from the page. */
const PICTURES = 'pictures';

const INTRODUCTION = `# The evidence

What is claimed of this library, the command that shows whether it holds, and what came of it on one machine. Run the
commands on yours: ratios should come out alike, numbers will not.

    npm ci && npm run bench:rivals      # what it is measured against
    npm run bench -- --record           # everything; --only NAME for one claim, --quick for a look
    npm run bench:report                # a page of what was measured: .build/report/index.html

This page is written by \`npm run bench:report -- --docs\` from [the records](../bench/record/README.md).
[bench/README.md](../bench/README.md) says how the benches measure.`;

/**
 * docs/evidence.md: each claim, its command, the machine, what came of it, and what is to be said against it.
 * @param drawn the ids of figures that there are pictures of
 */
export function evidenceMarkdown(evidence: Evidence, claims: readonly Claim[], drawn: ReadonlySet<string>): string {
  return `${[
    INTRODUCTION,
    machines(evidence),
    glance(drawn),
    ...claims.map((claim) => section(claim, evidence, drawn)),
    others(evidence, claims),
    absent(evidence),
  ]
    .filter((text) => text !== '')
    .join('\n\n')}\n`;
}

function machines({ records }: Evidence): string {
  const lines = records.map((record) => {
    const pace = record.quick ? ', a quick run' : '';
    const when = record.date.slice(0, 16).replace('T', ' ');
    return `- ${when} UTC${pace}: ${machineText(record.machine)}; ${conditionsText(record)}`;
  });
  return ['**Measured on:**', '', ...lines].join('\n');
}

function section(
  { title, said, measured, groups, figures, caveats }: Claim,
  evidence: Evidence,
  drawn: ReadonlySet<string>,
): string {
  const goals = goalTable(goalLines(evidence, groups));
  const lines = [`## ${title}`, '', `> ${said}`, '', `    npm run bench -- --only ${groups.join(',')}`, '', measured];
  if (goals.length > 0) lines.push('', ...goals);
  for (const figure of figures.filter((each) => drawn.has(each.id)))
    lines.push('', `![${figure.title}](${PICTURES}/${figure.id}.svg)`, '', `*${figure.title}.* ${figure.caption}`);
  return [...lines, ...listed(caveats)].join('\n');
}

/** All comparisons in one picture. */
function glance(drawn: ReadonlySet<string>): string {
  const { id, title, caption } = headlinesFigure;
  if (!drawn.has(id)) return '';
  return [`## At a glance`, '', `![${title}](${PICTURES}/${id}.svg)`, '', `*${title}.* ${caption}`].join('\n');
}

/** What was promised of what no claim here is about. */
function others(evidence: Evidence, claims: readonly Claim[]): string {
  const claimed = claims.flatMap(({ groups }) => groups);
  const groups = evidence.groups.filter((group) => !claimed.some((beginning) => group.startsWith(beginning)));
  const goals = goalTable(goalLines(evidence, groups));
  if (goals.length === 0) return '';
  return ['## All other goals', '', '    npm run bench', '', ...goals, ...listed(otherCaveats)].join('\n');
}

function goalTable(goals: readonly GoalLine[]): string[] {
  if (goals.length === 0) return [];
  const rows = goals.map(({ name, reached, interval, goal, verdict, isMet }) => {
    return `| ${name} | ${reached} | ${interval} | ${goal} | ${isMet ? verdict : `**${verdict}**`} |`;
  });
  return ['| | reached | 95 % interval | goal | |', '| --- | --- | --- | --- | --- |', ...rows];
}

function listed(caveats: readonly string[]): string[] {
  return caveats.length === 0 ? [] : ['', '**What to know:**', '', ...caveats.map((caveat) => `- ${caveat}`)];
}

function absent({ skipped }: Evidence): string {
  if (skipped.length === 0) return '';
  return ['## Not measured', '', ...skipped.map((line) => `- ${line}`)].join('\n');
}

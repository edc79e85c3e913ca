import { conditionsText, machineText } from '../harness/program/report.ts';
import type { Claim } from './Claim.ts';
import type { Evidence } from './Evidence.ts';
import { goalLines } from './goals.ts';

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
    ...claims.map((claim) => section(claim, evidence, drawn)),
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
  const goals = goalLines(evidence, groups);
  const lines = [`## ${title}`, '', `> ${said}`, '', `    npm run bench -- --only ${groups.join(',')}`, '', measured];
  if (goals.length > 0) {
    lines.push('', '| | reached | 95 % interval | goal | |', '| --- | --- | --- | --- | --- |');
    for (const { name, reached, interval, goal, verdict, isMet } of goals)
      lines.push(`| ${name} | ${reached} | ${interval} | ${goal} | ${isMet ? verdict : `**${verdict}**`} |`);
  }
  for (const figure of figures.filter((each) => drawn.has(each.id)))
    lines.push('', `![${figure.title}](${PICTURES}/${figure.id}.svg)`, '', `*${figure.title}.* ${figure.caption}`);
  if (caveats.length > 0) lines.push('', '**What to know:**', '', ...caveats.map((caveat) => `- ${caveat}`));
  return lines.join('\n');
}

function absent({ skipped }: Evidence): string {
  if (skipped.length === 0) return '';
  return ['## Not measured', '', ...skipped.map((line) => `- ${line}`)].join('\n');
}

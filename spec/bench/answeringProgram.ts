/** Answers what ChildProgram.spec asks. */
import { answerParent } from '../../bench/harness/processes/ChildProgram.ts';

const args = process.argv.slice(2);
if (args[0] === 'exit') process.exit(8);

const hasFlag = process.execArgv.includes('--max-semi-space-size=2');
answerParent({ args, hasGc: globalThis.gc !== undefined, hasFlag }, (question) => {
  if (question === 'throw') throw new Error('told to');
  if (question === 'exit') process.exit(7);
  if (question === 'hang') for (;;);
  return (question as { echo: unknown }).echo;
});

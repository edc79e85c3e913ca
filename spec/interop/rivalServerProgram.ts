/**
 * A server of a rival in a process of its own, for what that does not survive. Prints its port, and ends with its
 * standard input.
 *
 *   node rivalServerProgram.js <name> <link> <settings as JSON>
 */
import type { Link } from './Implementation.ts';
import { RIVALS } from './rivals.ts';

const [name, link, settings = '{}'] = process.argv.slice(2);
const rival = RIVALS.find((each) => each.name === name);
if (rival === undefined) throw new Error(`no rival is called ${name}`);
const listener = await rival.listen(link as Link, JSON.parse(settings));
console.log(listener.port);
process.stdin.on('end', () => process.exit(0)).resume();

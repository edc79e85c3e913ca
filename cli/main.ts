#!/usr/bin/env node
/** The command `flysocket`: serves, calls, and puts load on peers. It gives nothing to importers. */
import { runCommand } from './runCommand.ts';

const host = process;
// Whoever read the output has gone, as `head` does.
for (const stream of [host.stdout, host.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => host.exit(error.code === 'EPIPE' ? 0 : 1));
}
host.exitCode = await runCommand(host);

/**
 * Indexes the words of real files in worker threads: over flysocket, over postMessage, over postMessage in batches, and
 * without workers. All must come to the same answers; how long each took is shown.
 *
 * Exit code: 0; 1 if a way failed or the answers differ; 2 if the arguments are wrong.
 */
import { type Arguments, parseArguments, USAGE } from './arguments.ts';
import { firstDifference } from './firstDifference.ts';
import { END, FileQueue, LINE, LineSource } from './LineSource.ts';
import type { MergedIndex } from './MergedIndex.ts';
import { agreement, comparison, conditions, describeFiles } from './report.ts';
import { runWay, type WayResult, type Work } from './runWay.ts';
import { type TextFile, textFilesBelow } from './textFiles.ts';
import { WAYS, YARDSTICK } from './ways.ts';

interface Verified {
  readonly results: readonly WayResult[];
  readonly merged: MergedIndex;
}

const args = argumentsOrExit();
if (args.help) console.log(USAGE);
else process.exitCode = await run(args);

function argumentsOrExit(): Arguments {
  try {
    return parseArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** @returns the exit code */
async function run({ folder, workers, limitBytes, json }: Arguments): Promise<number> {
  const say = json ? console.error : console.log;
  const found = textFilesBelow(folder, limitBytes);
  say(describeFiles(found, folder));
  const { files, bytes } = found;
  const work = { files, bytes, lines: readOnce(files), workers };
  let verified: Verified | undefined;
  let failure: string | undefined;
  try {
    if (files.length > 0) verified = await runAll(work);
  } catch (error) {
    failure = messageOf(error);
    console.error(failure);
  }
  if (verified !== undefined) {
    say(`\n${conditions(work)}\n\n${comparison(verified.results, YARDSTICK.name)}\n\n${agreement(verified.merged)}`);
  }
  if (json) {
    const { lines } = work;
    const ways = verified?.results ?? [];
    const report = {
      folder,
      files: files.length,
      lines,
      bytes,
      workers,
      verified: verified !== undefined,
      failure,
      ways,
    };
    console.log(JSON.stringify(report));
  }
  return failure === undefined ? 0 : 1;
}

/** Reads all files, so that the first way does not have to wait for the disk. @returns the number of lines */
function readOnce(files: readonly TextFile[]): number {
  const source = new LineSource(new FileQueue(files));
  let lines = 0;
  for (let found = source.advance(); found !== END; found = source.advance()) if (found === LINE) lines++;
  return lines;
}

/** @throws Error if a way fails, or if any of its rounds comes to other answers than the first of all */
async function runAll(work: Work): Promise<Verified> {
  const results: WayResult[] = [];
  let first: { readonly name: string; readonly merged: MergedIndex } | undefined;
  for (const way of WAYS) {
    const check = (merged: MergedIndex): void => {
      first ??= { name: way.name, merged };
      const difference = firstDifference(work.files, first.name, first.merged, way.name, merged);
      if (difference !== undefined) throw new Error(`the answers differ: ${difference}`);
    };
    results.push(await runWay(way, work, process.stderr, check));
  }
  return { results, merged: (first as { merged: MergedIndex }).merged };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

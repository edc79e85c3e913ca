import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CaptureFile } from './CaptureFile.ts';
import { DissectedFrame, type Layer } from './DissectedFrame.ts';

const DISSECTOR = resolve('wireshark/rsocket.lua');
const LIMIT_MS = 60_000;
/** What tshark may print, in bytes: enough for thousands of packets. */
const OUTPUT_LIMIT = 1 << 28;

export const hasTshark: boolean = spawnSync('tshark', ['-v']).status === 0;

/** Runs tshark with the dissector over the capture; gives back what it prints. Throws if tshark or Lua complain. */
export function tshark(capture: CaptureFile, options: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'flysocket-capture-'));
  try {
    const file = join(folder, 'capture.pcap');
    writeFileSync(file, capture.toBytes());
    const { status, stdout, stderr } = spawnSync(
      'tshark',
      ['-X', `lua_script:${DISSECTOR}`, '-n', '-r', file, ...options],
      { encoding: 'utf8', timeout: LIMIT_MS, maxBuffer: OUTPUT_LIMIT, env: { ...process.env, HOME: folder } },
    );
    if (status !== 0 || /\blua\b/i.test(stderr)) throw new Error(`tshark ended with ${status}: ${stderr}`);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every RSocket frame of the capture, in two passes: the first finds out what answers what. */
export function dissect(capture: CaptureFile): DissectedFrame[] {
  const options = ['-2', '-Y', 'rsocket', '-T', 'json', '-J', 'frame rsocket', '--no-duplicate-keys'];
  const packets = JSON.parse(tshark(capture, options)) as readonly {
    _source: { layers: { frame: { 'frame.number': string }; rsocket: Layer | Layer[] } };
  }[];
  return packets.flatMap(({ _source: { layers } }) =>
    [layers.rsocket].flat().map((layer) => new DissectedFrame(Number(layers.frame['frame.number']), layer)),
  );
}

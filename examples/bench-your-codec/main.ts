/**
 * node main.js [--quick] [--json FILE] ...     `--help` names all arguments
 *
 * A bench of one's own codec, by itself and in a service under load.
 */
import { benchProgram, type Group, type LoadGroup } from 'flysocket/bench';
import { RoundTrips } from './RoundTrips.ts';
import { JsonCodec, type TickCodec, YourCodec } from './TickCodec.ts';
import { TickService } from './TickService.ts';

/** A rival that may not be there is skipped by name. */
async function msgpackr(): Promise<TickCodec | undefined> {
  const module = await import('msgpackr').catch(() => undefined);
  return module && { name: 'msgpackr', encode: (tick) => module.pack(tick), decode: (bytes) => module.unpack(bytes) };
}

const codec: Group = {
  name: 'codec/there and back',
  unit: 'operations/s',
  ratios: [{ name: 'yours / JSON', contender: 'yours', against: 'JSON', goal: 2 }],
  async contenders() {
    const rival = await msgpackr();
    return [
      new RoundTrips(new YourCodec()),
      new RoundTrips(new JsonCodec()),
      rival ? new RoundTrips(rival) : { name: 'msgpackr', skipped: 'not installed' },
    ];
  },
};

const service: LoadGroup = {
  name: 'service/ticks over TCP',
  loads: [
    { kind: 'closed', concurrency: 16 },
    { kind: 'open', rate: 2_000, arrivals: 'poisson' },
  ],
  ratios: [{ name: 'yours / JSON', contender: 'yours', against: 'JSON', unit: 'us p99' }],
  contenders: () => [new TickService(new YourCodec()), new TickService(new JsonCodec())],
};

await benchProgram({ groups: [codec, service] });

import { isInstalled } from '../../loadRival.ts';
import { Sidecar } from '../wire/Sidecar.ts';
import { openProcesses } from './openProcesses.ts';
import { openThreads } from './openThreads.ts';
import type { AirlineOptions, Way, WaySpec } from './Way.ts';

/** Starts an airline. @throws Error (as rejection) that names the service that does not start */
export function openWay(way: WaySpec, options: AirlineOptions): Promise<Way> {
  return way.wire === 'threads' ? openThreads(way, options) : openProcesses(way, options);
}

/** @returns what is missing on this machine to run it */
export function whatIsMissing(way: WaySpec): string[] {
  const packages = way.wire === 'http' ? ['fastify', 'undici'] : way.codec === 'msgpackr' ? ['msgpackr'] : [];
  const missing = packages.filter((name) => !isInstalled(name));
  if (way.hasSidecars && !Sidecar.isInstalled()) missing.push('nginx');
  return missing;
}

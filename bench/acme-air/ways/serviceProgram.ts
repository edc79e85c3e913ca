/**
 * One service in a process of its own, which its parent tells what it is. Its sidecar, if it has one, lives and ends
 * with it.
 */
import { answerParent } from '../../harness/processes/ChildProgram.ts';
import type { AirlineServices, ServiceName } from '../airline/AirlineServices.ts';
import { newService } from '../airline/newService.ts';
import { loadTokens } from '../airline/tokens.ts';
import { connectService, serveService } from '../wire/network.ts';
import { Sidecar } from '../wire/Sidecar.ts';
import { type AirlineOptions, ownCpuMicros, type WaySpec } from './Way.ts';

export interface ServiceOrder extends AirlineOptions {
  readonly service: ServiceName;
  readonly way: WaySpec;
  /** Where the services are that this one asks. */
  readonly addresses: Readonly<Partial<Record<ServiceName, string>>>;
}

export interface ServiceStarted {
  readonly address: string;
  readonly sidecar?: Pick<Sidecar, 'pid' | 'folder'>;
}

export type ServiceQuestion = { readonly about: 'start'; readonly order: ServiceOrder } | { readonly about: 'cpu' };

let sidecar: Sidecar | undefined;

async function start(order: ServiceOrder): Promise<ServiceStarted> {
  const { service: name, way, tokenLibrary, secret, today } = order;
  const others: Partial<Record<ServiceName, unknown>> = {};
  for (const [other, address] of Object.entries(order.addresses)) {
    others[other as ServiceName] = (await connectService(other as ServiceName, address, way)).service;
  }
  const tokens = await loadTokens(tokenLibrary, secret);
  const { address } = await serveService(
    name,
    newService(name, tokens, today, others as Partial<AirlineServices>),
    way,
  );
  if (!way.hasSidecars) return { address };
  sidecar = await Sidecar.start(address);
  sidecar.onExit(() => {
    console.error(`the sidecar of the ${name} service has ended`);
    process.exit(1);
  });
  return { address: sidecar.origin, sidecar: { pid: sidecar.pid, folder: sidecar.folder } };
}

answerParent(undefined, (asked) => {
  const question = asked as ServiceQuestion;
  return question.about === 'start' ? start(question.order) : ownCpuMicros() + (sidecar?.cpuMicros() ?? 0);
});

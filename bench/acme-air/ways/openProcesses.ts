import type { AirlineServices, ServiceName } from '../airline/AirlineServices.ts';
import { SERVICE_NAMES, SERVICES } from '../airline/newService.ts';
import { connectService, type ServiceClient } from '../wire/network.ts';
import { endIfLeft, type Sidecar } from '../wire/Sidecar.ts';
import { ChildProgram } from './ChildProgram.ts';
import type { ServiceOrder, ServiceStarted } from './serviceProgram.ts';
import { type AirlineOptions, ownCpuMicros, type Way, type WaySpec } from './Way.ts';

const START_TIMEOUT_MS = 15_000;
const CPU_TIMEOUT_MS = 15_000;

/** Each service in a process of its own, reached over the network. */
export async function openProcesses(way: WaySpec, options: AirlineOptions): Promise<Way> {
  const programs: ChildProgram[] = [];
  const sidecars: Pick<Sidecar, 'pid' | 'folder'>[] = [];
  const clients: ServiceClient<ServiceName>[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all(programs.map((program) => program.stop()));
    for (const sidecar of sidecars) endIfLeft(sidecar);
  };
  try {
    const airline: Partial<Record<ServiceName, unknown>> = {};
    const addresses: Partial<Record<ServiceName, string>> = {};
    for (const service of SERVICE_NAMES) {
      const program = new ChildProgram(`the ${service} service`, new URL('./serviceProgram.js', import.meta.url));
      programs.push(program);
      const asked = SERVICES[service].map((other) => [other, addresses[other]]);
      const order: ServiceOrder = { ...options, service, way, addresses: Object.fromEntries(asked) };
      const { address, sidecar } = await program.ask<ServiceStarted>('start', order, START_TIMEOUT_MS);
      if (sidecar !== undefined) sidecars.push(sidecar);
      addresses[service] = address;
      const client = await connectService(service, address, way);
      clients.push(client as ServiceClient<ServiceName>);
      airline[service] = client.service;
    }
    const cpuMicros = async (): Promise<number> => {
      const each = programs.map((program) => program.ask<number>('cpu', undefined, CPU_TIMEOUT_MS));
      return (await Promise.all(each)).reduce((sum, micros) => sum + micros, ownCpuMicros());
    };
    const failed = Promise.race(programs.map((program) => program.failed));
    return { airline: airline as unknown as AirlineServices, failed, cpuMicros, close };
  } catch (error) {
    await close();
    throw error;
  }
}

import type { AirlineServices, ServiceName } from '../airline/AirlineServices.ts';
import { SERVICE_NAMES, SERVICES } from '../airline/newService.ts';
import { connectService, type ServiceClient } from '../wire/network.ts';
import { ServiceProcess } from './ServiceProcess.ts';
import { type AirlineOptions, ownCpuMicros, type Way, type WaySpec } from './Way.ts';

/** Each service in a process of its own, reached over the network. */
export async function openProcesses(way: WaySpec, options: AirlineOptions): Promise<Way> {
  const processes = new Map<ServiceName, ServiceProcess>();
  const clients: ServiceClient<ServiceName>[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all([...processes.values()].map((service) => service.stop()));
  };
  try {
    await Promise.all(
      SERVICE_NAMES.map(async (service) => processes.set(service, await ServiceProcess.start(service))),
    );
    const airline: Partial<Record<ServiceName, unknown>> = {};
    const addresses: Partial<Record<ServiceName, string>> = {};
    for (const service of SERVICE_NAMES) {
      const asked = SERVICES[service].map((other) => [other, addresses[other]]);
      const order = { ...options, service, way, addresses: Object.fromEntries(asked) };
      const address = await (processes.get(service) as ServiceProcess).serve(order);
      addresses[service] = address;
      const client = await connectService(service, address, way);
      clients.push(client as ServiceClient<ServiceName>);
      airline[service] = client.service;
    }
    const all = [...processes.values()];
    const cpuMicros = async (): Promise<number> => {
      const each = await Promise.all(all.map((service) => service.cpuMicros()));
      return each.reduce((sum, micros) => sum + micros, ownCpuMicros());
    };
    const failed = Promise.race(all.map(({ ended }) => ended)).then((how) => {
      throw new Error(how);
    });
    return { airline: airline as unknown as AirlineServices, failed, cpuMicros, close };
  } catch (error) {
    await close();
    throw error;
  }
}

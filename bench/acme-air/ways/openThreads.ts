import { Worker } from 'node:worker_threads';
import { connectWorker, introduce, type WorkerPeer } from 'flysocket/shm-transport';
import type { AirlineServices, ServiceName } from '../airline/AirlineServices.ts';
import { SERVICE_NAMES, SERVICES } from '../airline/newService.ts';
import { loadCodec } from '../wire/codecs.ts';
import { serviceOf, setupOf } from '../wire/rsocket.ts';
import type { ServiceThreadData } from './service.worker.ts';
import { type AirlineOptions, ownCpuMicros, type Way, type WaySpec } from './Way.ts';

/** Each service in a thread of its own, all of them linked as they need it; the users are in this one. */
export async function openThreads(way: WaySpec, options: AirlineOptions): Promise<Way> {
  const codec = await loadCodec(way.codec);
  const workers: Worker[] = [];
  const failures: Promise<never>[] = [];
  let isClosed = false;
  const close = async (): Promise<void> => {
    isClosed = true;
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
  const start = (service: ServiceName): Worker => {
    const workerData: ServiceThreadData = { ...options, service, codec: way.codec };
    const worker = new Worker(new URL('./service.worker.js', import.meta.url), { workerData });
    workers.push(worker);
    const failed = new Promise<never>((_, reject) => {
      worker.once('error', (error) => reject(new Error(`the ${service} service failed: ${error.message}`)));
      worker.once('exit', (code) => {
        if (!isClosed) reject(new Error(`the ${service} service ended with code ${code}`));
      });
    });
    failed.catch(() => {});
    failures.push(failed);
    return worker;
  };
  try {
    const peers = {} as Record<ServiceName, WorkerPeer>;
    const airline: Partial<Record<ServiceName, unknown>> = {};
    const connected = SERVICE_NAMES.map(async (service) => {
      peers[service] = await connectWorker(start(service), { name: service, setup: setupOf(codec) });
      airline[service] = serviceOf(service, peers[service], codec);
    });
    await Promise.race([Promise.all(connected), ...failures]);
    for (const service of SERVICE_NAMES) {
      for (const other of SERVICES[service]) {
        await introduce(peers[service], peers[other], { name: `${service} ${other}` });
      }
    }
    return {
      airline: airline as unknown as AirlineServices,
      failed: Promise.race(failures),
      cpuMicros: async () => ownCpuMicros(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

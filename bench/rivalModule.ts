import { loadRival } from './loadRival.ts';

/** @throws Error that names the package if it isn't installed */
export function rivalModule<Module>(name: string): Module {
  const module = loadRival<Module>(name);
  if (module === undefined) throw new Error(`${name} is not installed`);
  return module;
}

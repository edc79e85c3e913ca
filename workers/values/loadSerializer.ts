import { RSocketError } from '../../flyweight/index.ts';
import type { Serializer } from './Serializer.ts';
import { StructuredCloneSerializer } from './StructuredCloneSerializer.ts';

/**
 * The serializer that the module at `url` exports as `serializer`, or as `default`; without one the usual one. Each
 * thread loads its own.
 * @throws RSocketError (as rejection) ERR_FLYSOCKET_SERIALIZER if there is none; and what loading the module throws
 */
export async function loadSerializer(url: string | undefined): Promise<Serializer> {
  if (url === undefined) return new StructuredCloneSerializer();
  const module = (await import(url)) as { readonly serializer?: Serializer; readonly default?: Serializer };
  const serializer = module.serializer ?? module.default;
  if (typeof serializer?.serialize === 'function' && typeof serializer.deserialize === 'function') return serializer;
  throw new RSocketError('ERR_FLYSOCKET_SERIALIZER', `exports no serializer: ${url}`);
}

import type { SkippedContender } from '../harness/index.ts';
import { importRival, isInstalled } from '../loadRival.ts';
import type { FrameLibrary } from './FrameLibrary.ts';
import { type Avsc, avsc } from './libraries/avsc.ts';
import { type Bebop, bebop } from './libraries/bebop.ts';
import { type BufbuildProtobuf, type BufbuildProtobufTypes, bufbuildProtobuf } from './libraries/bufbuildProtobuf.ts';
import { type CborX, cborX } from './libraries/cborX.ts';
import { type Flatbuffers, flatbuffers } from './libraries/flatbuffers.ts';
import { jsonWithBase64 } from './libraries/jsonWithBase64.ts';
import { type Msgpackr, msgpackr } from './libraries/msgpackr.ts';
import { type Protobufjs, protobufjs } from './libraries/protobufjs.ts';

/** By the names of their packages. */
const LOADERS: Readonly<Record<string, (name: string) => Promise<FrameLibrary>>> = {
  msgpackr: async (name) => msgpackr(await importRival<Msgpackr>(name)),
  'cbor-x': async (name) => cborX(await importRival<CborX>(name)),
  protobufjs: async (name) => protobufjs(await importRival<Protobufjs>(name)),
  '@bufbuild/protobuf': async (name) =>
    bufbuildProtobuf(
      await importRival<BufbuildProtobuf>(name),
      await importRival<BufbuildProtobufTypes>(`${name}/wkt`),
    ),
  flatbuffers: async (name) => flatbuffers(await importRival<Flatbuffers>(name)),
  avsc: async (name) => avsc(await importRival<Avsc>(name)),
  bebop: async (name) => bebop(await importRival<Bebop>(name)),
};

/** JSON and every library that is installed; the others by name. */
export async function loadLibraries(
  isThere: (name: string) => boolean = isInstalled,
): Promise<(FrameLibrary | SkippedContender)[]> {
  const libraries: (FrameLibrary | SkippedContender)[] = [jsonWithBase64];
  for (const [name, load] of Object.entries(LOADERS)) {
    libraries.push(isThere(name) ? await load(name) : { name, skipped: 'not installed' });
  }
  return libraries;
}

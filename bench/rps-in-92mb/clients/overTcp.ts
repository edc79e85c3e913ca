/** Ours over TCP. */
import { connectTcp } from 'flysocket/tcp-transport';
import type { OpenAsker } from '../Asker.ts';
import { HOST } from '../host.ts';
import { LowLevelAsker } from './LowLevelAsker.ts';
import { PromiseAsker } from './PromiseAsker.ts';

export const lowLevel: OpenAsker = async (port) => new LowLevelAsker(await connectTcp({ port, host: HOST }));
export const promises: OpenAsker = async (port) => new PromiseAsker(await connectTcp({ port, host: HOST }));

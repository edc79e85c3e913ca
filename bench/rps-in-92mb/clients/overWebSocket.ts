/** Ours over WebSocket, framed by us. */
import { connectWebSocket } from 'flysocket/ws-transport';
import type { OpenAsker } from '../Asker.ts';
import { HOST } from '../host.ts';
import { LowLevelAsker } from './LowLevelAsker.ts';
import { PromiseAsker } from './PromiseAsker.ts';

export const lowLevel: OpenAsker = async (port) => new LowLevelAsker(await connectWebSocket(`ws://${HOST}:${port}`));
export const promises: OpenAsker = async (port) => new PromiseAsker(await connectWebSocket(`ws://${HOST}:${port}`));

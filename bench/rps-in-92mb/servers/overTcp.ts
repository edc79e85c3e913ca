import { serveTcp } from 'flysocket/tcp-transport';
import { HOST } from '../host.ts';
import { handler, requestHandler } from './flysocketAnswers.ts';
import type { StartEcho } from './StartEcho.ts';

export const lowLevel: StartEcho = async () => {
  const { address } = await serveTcp({ port: 0, host: HOST }, {}, { requestHandler });
  return (address as { port: number }).port;
};

export const promises: StartEcho = async () => {
  const { address } = await serveTcp({ port: 0, host: HOST }, handler);
  return (address as { port: number }).port;
};

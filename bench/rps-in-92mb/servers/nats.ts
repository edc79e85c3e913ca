import { METADATA_LENGTH } from '../../request-response/RequestContender.ts';
import { connectNats, SUBJECT } from '../nats.ts';
import type { StartEcho } from './StartEcho.ts';

/** No server itself: it answers what a nats-server passes on. The port is that server's. */
export const nats: StartEcho = async (port) => {
  const connection = await connectNats(port);
  connection.subscribe(SUBJECT, {
    callback: (error, message) => {
      if (error !== null) throw error;
      message.respond(message.data.subarray(METADATA_LENGTH));
    },
  });
  await connection.flush();
  return port;
};

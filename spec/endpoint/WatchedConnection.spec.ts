import { WatchedConnection } from 'flysocket';
import { InProcessConnection } from 'flysocket/transport';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { duplexConnectionKit } from '../tck/duplexConnection.ts';
import { RecordingHandler } from '../tck/RecordingHandler.ts';
import { until } from '../tck/until.ts';

const UNWATCHED = { onFrameSent: () => {}, onFrameReceived: () => {} };

duplexConnectionKit('WatchedConnection', async () => {
  const [left, right] = InProcessConnection.pair({ capacity: 4_096 });
  return {
    left: new WatchedConnection(left, UNWATCHED),
    right: new WatchedConnection(right, UNWATCHED),
    close: () => left.close(),
  };
});

const test = suite('WatchedConnection');

test('shows what is committed and what arrives, and not what is given back', async () => {
  const [left, right] = InProcessConnection.pair();
  const seen: string[] = [];
  const watch = (name: string, connection: InProcessConnection): WatchedConnection =>
    new WatchedConnection(connection, {
      onFrameSent: (buffer, offset, length) => seen.push(`${name} sent ${buffer.slice(offset, length)}`),
      onFrameReceived: (buffer, offset, length) => seen.push(`${name} received ${buffer.slice(offset, length)}`),
    });
  const near = watch('near', left);
  watch('far', right).receive(new RecordingHandler());
  near.abort(near.tryClaim(3, 0));
  const index = near.tryClaim(2, 5);
  near.buffer.putUint8(index, 7);
  near.buffer.putUint8(index + 1, 8);
  near.commit(index);
  await until(() => seen.length === 2, 'the frame has arrived');
  assert.equal(seen, ['near sent 7,8', 'far received 7,8']);
  near.close();
  await near.onClose;
});

test.run();

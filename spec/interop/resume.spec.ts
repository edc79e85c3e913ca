import { DirectBuffer, ErrorFlyweight, FrameFlag, FrameType } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { until } from '../tck/until.ts';
import { flysocket, poolIsQuiescent } from './flysocket.ts';
import { item, textOf } from './Item.ts';
import { LINKS, RIVALS } from './rivals.ts';
import { Tap } from './Tap.ts';

const test = suite('resumption, which we do not have');
const REJECTED_SETUP = 3;

for (const rival of RIVALS) {
  test(`a client of ${rival.name} that asks for it is told so`, async () => {
    const listener = await flysocket.listen('tcp');
    const tap = await Tap.before(listener.port);
    const client = await rival.connect('tcp', tap.port, { resumeToken: 'token' });
    await until(() => tap.count('server', FrameType.ERROR) > 0, 'it was refused');
    assert.is(tap.count('client', FrameType.SETUP, FrameFlag.RESUME), 1);
    const refusal = tap.frames.find(({ from }) => from === 'server')?.bytes as Uint8Array;
    assert.is(ErrorFlyweight.errorCode(new DirectBuffer(refusal), 0), REJECTED_SETUP);
    await client.closed;
    assert.is(listener.ends.length, 0);
    tap.close();
    await listener.close();
    await poolIsQuiescent();
  });

  for (const link of LINKS) {
    test(`a client of ${rival.name} that asks for it over ${link} gets no answers`, async () => {
      const listener = await flysocket.listen(link);
      const client = await rival.connect(link, listener.port, { resumeToken: 'token' });
      const answer = client.requestResponse(item('asked')).response.then(textOf, () => 'none');
      await client.closed;
      assert.is(await answer, 'none');
      await listener.close();
      await poolIsQuiescent();
    });
  }
}

test.run();

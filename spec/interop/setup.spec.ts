import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { assertBytes } from '../tck/samplePayloads.ts';
import { errorCodeOf, errorMessageOf } from './errorCodeOf.ts';
import { poolIsQuiescent } from './flysocket.ts';
import { generation0 } from './generation0.ts';
import { item, textOf } from './Item.ts';
import { LINKS, PAIRS } from './rivals.ts';
import { withEnds } from './withEnds.ts';

const REJECTED_SETUP = 3;

for (const { client, server } of PAIRS) {
  for (const link of LINKS) {
    const test = suite(`SETUP of ${client.name} to ${server.name} over ${link}`);

    test('its payload and its MIME types arrive', () => {
      const setup = item('who I am ünd', 'about it');
      const clientSettings = { setup, dataMimeType: 'text/plain', metadataMimeType: 'application/json' };
      return withEnds({ client, server, link, clientSettings }, async ({ client: asker, server: answerer }) => {
        await asker.requestResponse(item('in')).response;
        const [seen] = answerer.log.setups;
        assert.is(seen && textOf(seen), 'who I am ünd');
        assertBytes(seen?.metadata, setup.metadata);
        // Its acceptor is not told.
        const types = server === generation0 ? [undefined, undefined] : ['text/plain', 'application/json'];
        assert.equal([seen?.dataMimeType, seen?.metadataMimeType], types);
      });
    });

    test('one without a payload', () =>
      withEnds({ client, server, link }, async ({ server: answerer }) => {
        assert.is(answerer.log.setups[0]?.data.length, 0);
        assert.is(answerer.log.setups[0]?.metadata, undefined);
      }));

    test('one that is refused', async () => {
      const listener = await server.listen(link, { refusal: 'you are not known' });
      const end = await client.connect(link, listener.port);
      const response = end.requestResponse(item('before it knows')).response.then(textOf, () => 'failed');
      const error = (await end.closed) as Error;
      assert.is(errorCodeOf(error), REJECTED_SETUP);
      assert.match(errorMessageOf(error), 'you are not known');
      assert.is(await response, 'failed');
      assert.is(listener.ends.length, 0);
      await listener.close();
      await poolIsQuiescent();
    });

    test.run();
  }
}

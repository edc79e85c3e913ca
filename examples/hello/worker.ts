import { acceptParent } from 'flysocket/shm-transport';

await acceptParent({
  handler: {
    async requestResponse(greeting, { peer }) {
      const name = await peer.requestResponse('Who are you?'); // asks back
      return `${greeting.dataUtf8()}, ${name.dataUtf8()}!`;
    },
    *requestStream(first) {
      for (let n = Number(first.dataUtf8()); ; n++) yield String(n * n); // runs only as far as it is asked to
    },
  },
});

import { DirectBuffer, ResumeFlyweight } from 'flysocket/flyweight';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';

const test = suite('ResumeFlyweight');

const OFFSET = 3;

for (const tokenLength of [0, 1, 32_767, 32_768, 65_000, 65_535]) {
  test(`positions lie behind a token of ${tokenLength} bytes`, () => {
    const token = new DirectBuffer(new Uint8Array(tokenLength).fill(0xee));
    const length = ResumeFlyweight.frameLength(tokenLength);
    assert.is(length, 28 + tokenLength);
    const buffer = new DirectBuffer(new ArrayBuffer(OFFSET + length));
    new ResumeFlyweight()
      .wrap(buffer, OFFSET, length)
      .putHeader()
      .putMajorVersion(1)
      .putMinorVersion(0)
      .putResumeToken(token, 0, tokenLength)
      .putLastReceivedServerPosition(2 ** 53 - 1)
      .putFirstAvailableClientPosition(2 ** 32);

    const resume = new ResumeFlyweight().wrap(buffer, OFFSET, length);
    assert.is(resume.resumeTokenLength, tokenLength);
    assert.equal(resume.copyOfResumeToken(), token.bytes);
    assert.is(resume.lastReceivedServerPosition, 2 ** 53 - 1);
    assert.is(resume.firstAvailableClientPosition, 2 ** 32);
    assert.is(ResumeFlyweight.firstAvailableClientPositionOffset(buffer, OFFSET) + 8, OFFSET + length);
  });
}

test.run();

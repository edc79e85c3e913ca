import { requestResponse } from '../core/rawFrames.ts';
import { turn } from '../tck/until.ts';
import type { DefineAttack } from './attackTests.ts';
import { BINARY, CONTINUATION, messageFrame, PING } from './webSocketFraming.ts';

const NOTHING = new Uint8Array(0);

/** A message that begins and does not end, whatever else is said meanwhile. */
export function partialMessageAttacks(attack: DefineAttack): void {
  const begun: Readonly<Record<string, Uint8Array>> = {
    'half a header': Uint8Array.of(0x82),
    'a header': messageFrame(BINARY, NOTHING, { announced: 100_000 }).subarray(0, 8),
    'a part': messageFrame(BINARY, new Uint8Array(10), { isLast: false }),
  };
  for (const [what, bytes] of Object.entries(begun)) {
    // The honest client's requests are short, so that they come in one piece.
    attack(
      `sends ${what}: partialFrameTimeoutMs`,
      { partialFrameTimeoutMs: 100, honestSizes: [30] },
      async (target) => {
        const attacker = await target.enter(requestResponse(1));
        await attacker.untilAnswered(1);
        attacker.sendBytes(bytes);
        const more = Buffer.concat([
          messageFrame(PING, NOTHING),
          messageFrame(CONTINUATION, NOTHING, { isLast: false }),
        ]);
        while (target.ends.length === 0) {
          if (what === 'a part') attacker.sendBytes(more);
          await turn();
        }
        await target.assertEnded('ERR_FLYSOCKET_PARTIAL_FRAME');
      },
    );
  }
}

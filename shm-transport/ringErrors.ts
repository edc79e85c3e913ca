import { RSocketError } from '../flyweight/index.ts';

/** The tail or the head is where the other end cannot have put it. */
export function corruptPositions(label: string, tail: number, head: number, capacity: number): RSocketError {
  return new RSocketError(
    'ERR_FLYSOCKET_RING_CORRUPT',
    `${label}: positions corrupt: tail=${tail}, head=${head}, used=${(tail - head) | 0}, capacity=${capacity}`,
  );
}

/** The header of a record is not what a producer writes. */
export function corruptRecord(
  label: string,
  index: number,
  length: number,
  msgTypeId: number,
  available: number,
  capacity: number,
): RSocketError {
  return new RSocketError(
    'ERR_FLYSOCKET_RING_CORRUPT',
    `${label}: record corrupt: index=${index}, length=${length}, msgTypeId=${msgTypeId}, ` +
      `available=${available}, capacity=${capacity}`,
  );
}

/** A handler asked for more messages while it was given one. */
export function reentrantRead(label: string): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_RING_REENTRANT', `${label}: read called from within a handler of read`);
}

/** Claim, commit or abort at the wrong moment; `claimIndex` is that of the open claim, -1 none, -2 closed. */
export function wrongClaim(
  label: string,
  operation: string,
  index: number | undefined,
  claimIndex: number,
): RSocketError {
  const state =
    claimIndex >= 0 ? `open claim=${claimIndex}` : claimIndex === -1 ? 'no claim is open' : 'producer closed';
  const at = index === undefined ? '' : ` index=${index}:`;
  return new RSocketError('ERR_FLYSOCKET_RING_CLAIM', `${label}: cannot ${operation}:${at} ${state}`);
}

/** A message that no ring of this size takes. */
export function wrongMessage(label: string, msgTypeId: number, length: number, maxMsgLength: number): RSocketError {
  return new RSocketError(
    'ERR_FLYSOCKET_RING_MESSAGE',
    `${label}: message out of range: msgTypeId=${msgTypeId} (least 1), length=${length}, maxMsgLength=${maxMsgLength}`,
  );
}

/** A message of a link's ring that no link sends. */
export function notAFrame(type: number, length: number): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_RING_CORRUPT', `not a frame: type=${type}, length=${length}`);
}

/** A second claim before the first was committed or aborted. */
export function claimOpen(): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_CLAIM_OPEN', 'a claim is already open');
}

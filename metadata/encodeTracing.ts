import { type DirectBuffer, RSocketError } from '../flyweight/index.ts';
import { putHex } from './hex.ts';
import type { Tracing } from './Tracing.ts';
import { TracingFlag } from './TracingFlag.ts';
import { lengthOfTracingFlags } from './TracingFlyweight.ts';

const DIGITS = 16;

/**
 * Bytes of tracing metadata: 1, 17, 25 or 33. See `TracingFlyweight`.
 * @throws RSocketError ERR_FLYSOCKET_TRACE_ID if an id is missing or has a wrong number of digits
 */
export function lengthOfTracing(tracing: Tracing): number {
  return lengthOfTracingFlags(flagsOf(tracing));
}

/**
 * Writes tracing metadata into a place of `lengthOfTracing` bytes. Allocates nothing.
 * @returns the number of bytes written
 * @throws RSocketError ERR_FLYSOCKET_TRACE_ID as `lengthOfTracing`, or if a character is no hexadecimal digit: then the
 *   place is written in part
 */
export function encodeTracing(buffer: DirectBuffer, offset: number, tracing: Tracing): number {
  const flags = flagsOf(tracing);
  buffer.putUint8(offset, flags);
  let at = offset + 1;
  if (tracing.traceId !== undefined) at += putHex(buffer, at, tracing.traceId);
  if (tracing.spanId !== undefined) at += putHex(buffer, at, tracing.spanId);
  if (tracing.parentId !== undefined) at += putHex(buffer, at, tracing.parentId);
  return at - offset;
}

function flagsOf({ sampling, traceId, spanId, parentId }: Tracing): number {
  let flags = 0;
  if (sampling === 'debug') flags = TracingFlag.DEBUG;
  else if (sampling === 'sampled') flags = TracingFlag.SAMPLED;
  else if (sampling === 'not-sampled') flags = TracingFlag.NOT_SAMPLED;
  if (traceId === undefined && spanId === undefined && parentId === undefined) return flags;
  if (traceId?.length === 2 * DIGITS) flags |= TracingFlag.TRACE_ID_128;
  else if (traceId?.length !== DIGITS) throw wrongId('trace id', `${DIGITS} or ${2 * DIGITS}`, traceId);
  if (spanId?.length !== DIGITS) throw wrongId('span id', DIGITS, spanId);
  if (parentId === undefined) return flags | TracingFlag.IDS;
  if (parentId.length !== DIGITS) throw wrongId('parent id', DIGITS, parentId);
  return flags | TracingFlag.IDS | TracingFlag.PARENT_ID;
}

function wrongId(name: string, digits: number | string, id: string | undefined): RSocketError {
  return new RSocketError('ERR_FLYSOCKET_TRACE_ID', `a ${name} has ${digits} hexadecimal digits: ${id}`);
}

/** The same request as JSON: text of as many ASCII characters as the others have bytes, which suits JSON best. */
import { DATA_LENGTH, METADATA_LENGTH } from '../request-response/RequestContender.ts';

export interface JsonRequest {
  readonly metadata: string;
  readonly data: string;
}

export interface JsonAnswer {
  readonly data: string;
}

const HEX = 16;
const NUMBER_DIGITS = 2;

const metadata: string = 'm'.repeat(METADATA_LENGTH);
const data: readonly string[] = Array.from({ length: 256 }, (_, number) =>
  number.toString(HEX).padStart(NUMBER_DIGITS, '0').padEnd(DATA_LENGTH, '.'),
);

export function jsonRequest(sequence: number): JsonRequest {
  return { metadata, data: data[sequence & 0xff] as string };
}

/** The number that an answer begins with. */
export function numberIn(answer: JsonAnswer): number {
  return Number.parseInt(answer.data.slice(0, NUMBER_DIGITS), HEX);
}

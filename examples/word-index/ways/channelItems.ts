/**
 * The items of the request-channel between the sender of lines and a worker. Metadata tells two kinds apart in each
 * direction. Numbers are 32-bit unsigned, big-endian.
 *
 *   to the worker    a line         no metadata            data: the line without its `\n`
 *                    end of a file  metadata: file number  no data
 *   to the sender    file answer    no metadata            data: file number, lines, words, bytes, checksum
 *                    word           metadata: occurrences  data: the word
 *
 * The request itself is empty. After the last file the sender completes; the worker sends all its words and completes.
 */
import type { DirectBuffer, PayloadFlyweight } from 'flysocket/flyweight';
import type { FileAnswer } from '../FileAnswer.ts';

export const NUMBER_LENGTH = 4;
const FILE_OFFSET = 0;
const LINES_OFFSET = 4;
const WORDS_OFFSET = 8;
const BYTES_OFFSET = 12;
const CHECKSUM_OFFSET = 16;
export const FILE_ANSWER_LENGTH = 20;

export function putFileAnswer(buffer: DirectBuffer, offset: number, answer: FileAnswer): void {
  buffer.putUint32(offset + FILE_OFFSET, answer.file);
  buffer.putUint32(offset + LINES_OFFSET, answer.lines);
  buffer.putUint32(offset + WORDS_OFFSET, answer.words);
  buffer.putUint32(offset + BYTES_OFFSET, answer.bytes);
  buffer.putUint32(offset + CHECKSUM_OFFSET, answer.checksum);
}

export function getFileAnswer({ dataBuffer, dataOffset }: PayloadFlyweight): FileAnswer {
  return {
    file: dataBuffer.getUint32(dataOffset + FILE_OFFSET),
    lines: dataBuffer.getUint32(dataOffset + LINES_OFFSET),
    words: dataBuffer.getUint32(dataOffset + WORDS_OFFSET),
    bytes: dataBuffer.getUint32(dataOffset + BYTES_OFFSET),
    checksum: dataBuffer.getUint32(dataOffset + CHECKSUM_OFFSET),
  };
}

/** Frames to bytes and back: encoding into a claimed place, decoding in place, length framing, fragmentation. */
export { alignmentOf } from './alignmentOf.ts';
export {
  encodeKeepAlive,
  encodeLease,
  encodeMetadataPush,
  encodeResume,
  encodeResumeOk,
  lengthOfKeepAlive,
  lengthOfLease,
  lengthOfMetadataPush,
  lengthOfResume,
  lengthOfResumeOk,
} from './connectionFrames.ts';
export { decodePayload } from './decodePayload.ts';
export { type DecodedSetup, decodeSetup } from './decodeSetup.ts';
export { encodePayload, encodePayloadComplete, lengthOfPayload, lengthOfPayloadComplete } from './encodePayload.ts';
export {
  encodeRequestChannel,
  encodeRequestFnf,
  encodeRequestResponse,
  encodeRequestStream,
  lengthOfRequest,
} from './encodeRequest.ts';
export { encodeSetup, lengthOfSetup, type SetupOptions } from './encodeSetup.ts';
export { Fragmenter, MIN_FRAGMENT_LENGTH, needsFragments } from './Fragmenter.ts';
export { FrameLengthDecoder, type FrameSink } from './FrameLengthDecoder.ts';
export { MAX_FRAME_LENGTH } from './malformedFrame.ts';
export { FRAME_LENGTH_SIZE, putFrameLength } from './putFrameLength.ts';
export {
  DEFAULT_MAX_FRAGMENTS,
  DEFAULT_MAX_REASSEMBLED_LENGTH,
  DEFAULT_MAX_REASSEMBLY_BYTES,
  MIN_INBOUND_FRAGMENT_LENGTH,
  Reassembler,
  type ReassemblerOptions,
} from './Reassembler.ts';
export type { Reassembly } from './Reassembly.ts';
export {
  encodeCancel,
  encodeError,
  encodeExt,
  encodeRequestN,
  lengthOfCancel,
  lengthOfError,
  lengthOfExt,
  lengthOfRequestN,
} from './streamControlFrames.ts';
export { validateFrame } from './validateFrame.ts';

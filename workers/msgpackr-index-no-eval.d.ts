/** msgpackr has this entry, but no types for it. */
declare module 'msgpackr/index-no-eval' {
  export { addExtension, Unpackr } from 'msgpackr';
}

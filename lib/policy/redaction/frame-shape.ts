/** One shape of a line in a stack trace, with lines that have it and lines of prose that must not. */
export interface FrameShape {
  readonly runtime: string;
  /** Matched against a line without the white space around it; takes linear time. */
  readonly pattern: RegExp;
  readonly frames: readonly string[];
  readonly prose: readonly string[];
}

/** A part of a request, with the parts that it consists of. */
export interface Span {
  name: string;
  /** In milliseconds since the epoch. */
  startedAt: number;
  endedAt: number;
  hasFailed: boolean;
  /** Its first parts, at most as many as X-Ray accepts in one message. */
  children: Span[];
  /** The number of its further parts. */
  omitted: number;
}

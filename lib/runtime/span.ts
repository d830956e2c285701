/** A part of a request, with the parts that it consists of. */
export interface Span {
  name: string;
  /** In milliseconds since the epoch. */
  startedAt: number;
  endedAt: number;
  hasFailed: boolean;
  children: Span[];
}

/** A part of a request, with the parts that it consists of. */
export interface Span {
  name: string;
  /** In milliseconds since the epoch. */
  startedAt: number;
  endedAt: number;
  hasFailed: boolean;
  /** Its first parts, at most {@link MAX_CHILDREN}. */
  children: Span[];
  /** The number of its further parts. */
  omitted: number;
}

/** A task sends thousands of commands, and a message to X-Ray has at most 64 KB. */
export const MAX_CHILDREN = 100;

/** Adds a part to a span, or only counts it. */
export function addTo(parent: Span, child: Span): void {
  if (parent.children.length < MAX_CHILDREN) parent.children.push(child);
  else parent.omitted += 1;
}

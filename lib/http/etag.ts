import { StaleTag } from './problems.ts';

/** The strong entity tag of a version (RFC 9110, section 8.8.3). */
export const etagOf = ({ version }: { version: number | string }): string => `"${version}"`;

/** A list of entity tags, or `*`: the value of If-Match and If-None-Match. */
export const TAG_LIST = /^\s*(?:\*|(?:,\s*)*(?:W\/)?"[^"]*"(?:\s*,(?:\s*(?:W\/)?"[^"]*")?)*)\s*$/;

const tagsIn = (list: string): string[] => list.match(/(?:W\/)?"[^"]*"|\*/g) ?? [];

/**
 * Whether `If-Match` holds for what is there; without the header, anything goes.
 * The comparison is strong: a weak tag matches nothing (RFC 9110, section 13.1.1).
 */
export function isMatch(ifMatch: string | undefined, current: { version: number }): boolean {
  if (ifMatch === undefined) return true;
  const tags = tagsIn(ifMatch);
  return tags.includes('*') || tags.includes(etagOf(current));
}

/** What to throw when `If-Match` does not hold: it tells the current tag. */
export const staleTag = (current: { version: number }): StaleTag =>
  new StaleTag(`It has changed: its ETag is ${etagOf(current)} now.`, {
    headers: { etag: etagOf(current) },
  });

/** Whether the caller has the current version already: the weak comparison of If-None-Match (section 13.1.2). */
export function isFresh(
  ifNoneMatch: string | undefined,
  current: { version: number | string },
): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = tagsIn(ifNoneMatch).map((tag) => tag.replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etagOf(current));
}

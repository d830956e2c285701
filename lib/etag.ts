import { StaleTag } from './problems.ts';

/** The strong entity tag of a version (RFC 9110, section 8.8.3). */
export const etagOf = ({ version }: { version: number }): string => `"${version}"`;

/** A list of entity tags, or `*`: the value of If-Match and If-None-Match. */
export const TAG_LIST = /^\s*(?:\*|(?:W\/)?"[^"]*"(?:\s*,\s*(?:W\/)?"[^"]*")*)\s*$/;

const tagsIn = (list: string): string[] => list.match(/(?:W\/)?"[^"]*"|\*/g) ?? [];

/**
 * Holds `If-Match` against what is there; without the header, anything goes.
 * The comparison is strong: a weak tag matches nothing (RFC 9110, section 13.1.1).
 *
 * @throws {StaleTag} when no tag of the list is the current one
 */
export function requireMatch(ifMatch: string | undefined, current: { version: number }): void {
  if (ifMatch === undefined) return;
  const tags = tagsIn(ifMatch);
  if (tags.includes('*') || tags.includes(etagOf(current))) return;
  throw new StaleTag(`It has changed: its ETag is ${etagOf(current)} now.`, {
    headers: { etag: etagOf(current) },
  });
}

/** Whether the caller has the current version already: the weak comparison of If-None-Match (section 13.1.2). */
export function isFresh(ifNoneMatch: string | undefined, current: { version: number }): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = tagsIn(ifNoneMatch).map((tag) => tag.replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etagOf(current));
}

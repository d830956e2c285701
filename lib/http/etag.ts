import { StaleTag } from './problems.ts';

/** The strong entity tag of a version (RFC 9110, section 8.8.3). */
export const etagOf = ({ version }: { version: number | string }): string => `"${version}"`;

/** A list of entity tags, or `*`: the value of If-Match and If-None-Match. */
export const TAG_LIST = /^\s*(?:\*|(?:,\s*)*(?:W\/)?"[^"]*"(?:\s*,(?:\s*(?:W\/)?"[^"]*")?)*)\s*$/;

const tagsIn = (list: string): string[] => list.match(/(?:W\/)?"[^"]*"|\*/g) ?? [];

/** The versions that a change may replace. Undefined allows every version. */
export type ExpectedVersions = ReadonlySet<number> | undefined;

/**
 * Returns the versions that a value of `If-Match` names. Without the header, and with `*`, that is every version.
 * The comparison is strong: a weak tag names no version (RFC 9110, section 13.1.1), nor does a tag of another form.
 */
export function expectedVersions(ifMatch: string | undefined): ExpectedVersions {
  if (ifMatch === undefined) return undefined;
  const tags = tagsIn(ifMatch);
  if (tags.includes('*')) return undefined;
  return new Set(tags.flatMap((tag) => /^"([1-9]\d{0,14})"$/.exec(tag)?.[1] ?? []).map(Number));
}

/** Whether a change may replace the version `current`. */
export const isExpected = (expected: ExpectedVersions, current: { version: number }): boolean =>
  expected === undefined || expected.has(current.version);

/** Returns the error for a change that may not replace the version `current`. It names that version's ETag. */
export const staleVersion = (current: { version: number }): StaleTag =>
  new StaleTag(`The resource has changed; its current ETag is ${etagOf(current)}.`, {
    headers: { etag: etagOf(current) },
  });

/** Returns whether `If-None-Match` matches the current version, by weak comparison (section 13.1.2). */
export function isFresh(
  ifNoneMatch: string | undefined,
  current: { version: number | string },
): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = tagsIn(ifNoneMatch).map((tag) => tag.replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etagOf(current));
}

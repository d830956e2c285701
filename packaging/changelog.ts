const UNRELEASED = '## Unreleased';

/**
 * Moves the entries of the section "Unreleased" into a new section for a version.
 *
 * @param date the day of the release, such as 2026-01-31
 * @throws {Error} if there is nothing to release
 */
export function cutChangelog(changelog: string, version: string, date: string): string {
  const lines = changelog.split('\n');
  const start = lines.indexOf(UNRELEASED);
  if (start < 0) throw new Error(`The changelog has no line "${UNRELEASED}"`);
  const end = lines.findIndex((line, index) => index > start && line.startsWith('## '));
  const entries = lines.slice(start + 1, end < 0 ? undefined : end);
  if (!entries.some((line) => /^\s*[-*]\s/.test(line)))
    throw new Error('The changelog has no entry under "Unreleased"');
  return lines.toSpliced(start, 1, UNRELEASED, '', `## ${version} - ${date}`).join('\n');
}

import type { Row } from './part.ts';

/** The result of a part that has run, with its duration in seconds. */
export type Result = Row & { part: string; seconds: number };

/** Returns a table in Markdown, with a row for each part. */
export function tableOf(results: readonly Result[]): string {
  const cells = results.map(({ part, did, saw, shortened, violations, seconds }) => [
    part,
    did,
    violations.length > 0 ? `${violations.length} VIOLATIONS, otherwise: ${saw}` : saw,
    shortened || 'nothing',
    `${Math.round(seconds)} s`,
  ]);
  const rows = [['part', 'what was done', 'what was seen', 'shortened', 'time'], ...cells];
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: string[], fill = ' ') =>
    `| ${row.map((cell, column) => cell.padEnd(widths?.[column] ?? 0, fill)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...body.map((row) => line(row)),
  ].join('\n');
}

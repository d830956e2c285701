import type { Figure } from './figure.ts';

interface Column {
  title: string;
  /** Text stands to the left, numbers to the right. */
  pad: 'padEnd' | 'padStart';
  cell: (figure: Figure) => string;
}

const text = (title: string, cell: Column['cell']): Column => ({ title, pad: 'padEnd', cell });
const number = (title: string, value: (figure: Figure) => number | null): Column => ({
  title,
  pad: 'padStart',
  cell: (figure) => rounded(value(figure)),
});

const COLUMNS: readonly Column[] = [
  text('figure', ({ name }) => name),
  text('peer', ({ peer }) => peer ?? '–'),
  number('value', ({ value }) => value),
  number('at most', ({ atMost }) => atMost),
  text('', ({ holds }) => (holds === null ? '' : holds ? 'holds' : 'MISSED')),
  number('ours', ({ ours }) => ours),
  number('theirs', ({ theirs }) => theirs),
  text('unit', ({ unit }) => unit),
  text('', ({ note }) => note ?? ''),
];

/** A line for each figure, in columns that stand under one another. */
export function tableOf(figures: readonly Figure[]): string {
  const columns = COLUMNS.map(({ title, pad, cell }) => {
    const cells = [title, ...figures.map(cell)];
    const width = Math.max(...cells.map(({ length }) => length));
    return cells.map((each) => each[pad](width));
  });
  const lines = ['', ...figures].map((_, line) => columns.map((cells) => cells[line]).join('  '));
  return lines.map((line) => line.trimEnd()).join('\n');
}

function rounded(value: number | null): string {
  if (value === null) return '';
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

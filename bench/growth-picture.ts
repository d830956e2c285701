import type { Figure } from './figure.ts';

/** What something costs at a size. */
export interface Point {
  series: string;
  size: number;
  value: number;
}

/** The figures of a growth, and the points that are drawn of them. */
export interface Growth {
  figures: Figure[];
  points: Point[];
}

/** The size of a panel, its margins, and the width of the labels on its right, in the picture's units. */
const WIDTH = 300;
const HEIGHT = 260;
const MARGIN = { left: 56, top: 44, bottom: 44 };
const LABELS = 210;
const PANEL = MARGIN.left + WIDTH + LABELS;
/** The distance between two labels. */
const LINE_HEIGHT = 15;
/** Readable on white and on black, also for readers who confuse red and green. */
const COLORS = ['#2a7fd4', '#d9722a', '#7a5fd0', '#2a9d76', '#c24f8f', '#8a8f2b', '#6b7785'];

/**
 * Draws the cost against the size, each a power of ten, as SVG.
 *
 * @param points.products the documents that calls examine; without any, as of a server without `explain`, there is no panel
 * @param points.stores the commands of calls
 */
export function drawGrowth({ products, stores }: Record<'products' | 'stores', Point[]>): string {
  const height = MARGIN.top + HEIGHT + MARGIN.bottom;
  const panels = [
    { points: products, title: 'documents that a call examines', unit: 'products in the store' },
    { points: stores, title: 'commands of a call', unit: 'stores' },
  ]
    .filter(({ points }) => points.length > 0)
    .map(({ points, ...labels }) => panel(points, labels));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${panels.length * PANEL} ${height}" font-family="system-ui, sans-serif" font-size="12">
<title>Cost against size, both axes logarithmic</title>
<style>
text { fill: #333 } .grid { stroke: #8884; fill: none } .line { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } }
</style>
${panels.map((content, n) => `<g transform="translate(${n * PANEL + MARGIN.left} ${MARGIN.top})">\n${content}\n</g>`).join('\n')}
</svg>
`;
}

function panel(points: readonly Point[], { title, unit }: { title: string; unit: string }): string {
  const x = scaleOf(
    points.map(({ size }) => size),
    [0, WIDTH],
  );
  const y = scaleOf(
    points.map(({ value }) => value),
    [HEIGHT, 0],
  );
  const names = [...new Set(points.map(({ series }) => series))];
  const lines = names.map((name) => {
    const own = points.filter(({ series }) => series === name).sort((a, b) => a.size - b.size);
    return { name, own: own.map(({ size, value }) => [x.at(size), y.at(value)] as const) };
  });
  const labels = spread(lines.map(({ own }) => own.at(-1)?.[1] ?? 0));
  return [
    `<text y="-22" font-weight="600">${title}</text>`,
    ...x.ticks.map(
      (tick) =>
        `<path class="grid" d="M${place(x.at(tick))} 0V${HEIGHT}"/><text x="${place(x.at(tick))}" y="${HEIGHT + 16}" text-anchor="middle">${numeral(tick)}</text>`,
    ),
    ...y.ticks.map(
      (tick) =>
        `<path class="grid" d="M0 ${place(y.at(tick))}H${WIDTH}"/><text x="-8" y="${place(y.at(tick) + 4)}" text-anchor="end">${numeral(tick)}</text>`,
    ),
    `<text x="${WIDTH / 2}" y="${HEIGHT + 36}" text-anchor="middle">${unit}</text>`,
    ...lines.map(({ name, own }, n) => {
      const color = COLORS[n % COLORS.length];
      const path = own.map(([left, top]) => `${place(left)},${place(top)}`).join(' ');
      const dots = own
        .map(
          ([left, top]) => `<circle cx="${place(left)}" cy="${place(top)}" r="3" fill="${color}"/>`,
        )
        .join('');
      const label = `<text x="${WIDTH + 10}" y="${place((labels[n] ?? 0) + 4)}" style="fill:${color}">${name}</text>`;
      return `<polyline class="line" stroke="${color}" points="${path}"/>${dots}${label}`;
    }),
  ].join('\n');
}

/** A logarithmic scale from the power of ten below all values to the one above, over a range of the picture. */
function scaleOf(values: readonly number[], [from, to]: [number, number]) {
  const lowest = Math.floor(Math.log10(Math.min(...values)));
  const highest = Math.max(lowest + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    at: (value: number) => from + ((Math.log10(value) - lowest) / (highest - lowest)) * (to - from),
    ticks: Array.from({ length: highest - lowest + 1 }, (_, n) => 10 ** (lowest + n)),
  };
}

/** Moves labels that are too close to each other apart. */
function spread(tops: readonly number[]): number[] {
  const order = tops.map((top, n) => ({ top, n })).sort((a, b) => a.top - b.top);
  const moved = [...tops];
  let next = Number.NEGATIVE_INFINITY;
  for (const { top, n } of order) {
    moved[n] = Math.max(top, next);
    next = (moved[n] ?? 0) + LINE_HEIGHT;
  }
  // The lowest labels must not leave the panel.
  let limit = HEIGHT;
  for (const { n } of order.reverse()) {
    moved[n] = Math.min(moved[n] ?? 0, limit);
    limit = (moved[n] ?? 0) - LINE_HEIGHT;
  }
  return moved;
}

const place = (value: number): string => String(Number(value.toFixed(1)));

const numeral = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 6 });

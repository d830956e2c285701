import pMap from 'p-map';
import { answerParent, heapKept } from './children.ts';

/* A container that visits stores: `stores-child.ts MODULE`. */

export interface Visits {
  /** The stores `s<from>` and so many behind it. */
  from: number;
  count: number;
  /** How often each is visited, one round of all after the other. */
  times?: number;
  /** `ask` also asks each store something. */
  how?: 'visit' | 'ask';
  /** The number of stores at the same time. */
  concurrency?: number;
}
export interface Visited {
  /** In microseconds, of one visit. */
  time: number;
  /** In bytes: what is held after the visits and was not before. */
  grown: number;
}

const module = await import(new URL(process.argv[2] ?? '', import.meta.url).href);

answerParent(async (visits: Visits): Promise<Visited> => {
  const { from, count, times = 1, how = 'visit', concurrency = 1 } = visits;
  const visit: (id: string) => Promise<void> = module[how];
  const before = await heapKept();
  const ids = Array.from({ length: count }, (_, n) => `s${from + n}`);
  const started = performance.now();
  for (let time = 0; time < times; time++)
    if (concurrency === 1) for (const id of ids) await visit(id);
    else await pMap(ids, visit, { concurrency });
  const time = ((performance.now() - started) * 1_000) / (count * times);
  ids.length = 0;
  return { time, grown: (await heapKept()) - before };
});

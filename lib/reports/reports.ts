import type { Page } from '../http/page.ts';
import type { VisibleStores } from '../http/visible-stores.ts';
import { pageOfStores } from '../stores/lists.ts';
import { figuresOf } from './figures.ts';
import type { ReportQuery, StoreReport } from './figures-schema.ts';

/** Returns a page of the stores that the caller may see, ordered by id, with their figures. */
export async function pageOfReports(
  { limit, cursor, lowStock }: ReportQuery,
  visible: VisibleStores,
  signal: AbortSignal,
): Promise<Page<StoreReport>> {
  const { items: stores, next } = await pageOfStores({ limit, cursor }, visible, signal);
  const ids = stores.map(({ id }) => id);
  const figures = await figuresOf(ids, lowStock === undefined ? {} : { lowStock }, signal);
  const items = stores.flatMap(({ id, name, currency, status }) => {
    const known = figures.get(id);
    if (!known) return [];
    const syncedAt = known.syncedAt?.toISOString() ?? null;
    return [{ store: { id, name, currency, status }, ...known, syncedAt }];
  });
  return { items, next };
}

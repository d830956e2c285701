import { isView, type View } from '../bson/values.ts';
import { drop, take } from '../iteration.ts';
import type { Collection } from '../storage/collection.ts';
import type { StoredDocument } from '../storage/document.ts';
import { compileFilter, type Predicate } from './filter.ts';
import { nearness } from './geo.ts';
import { choosePlan, type Examined, follow, type Plan } from './plan.ts';
import { smallest, sorted, sortKeyer } from './sort.ts';

/** Which documents, in which order, and how many of them. */
export interface Selection {
  readonly filter: View;
  /** The command's `let`. */
  readonly variables?: View | undefined;
  readonly sort?: View | undefined;
  readonly skip?: number | undefined;
  /** None if it is 0 or absent. */
  readonly limit?: number | undefined;
  readonly hint?: unknown;
}

/** The documents of a selection, and how they are found. */
export interface Selected {
  readonly documents: Iterable<StoredDocument>;
  readonly plan: Plan | undefined;
  /** Complete once the documents have been read. */
  readonly examined: Examined;
}

function naturalOrder(order: View | undefined): unknown {
  return order && '$natural' in order ? order.$natural : undefined;
}

function* matching(documents: Iterable<StoredDocument>, matches: Predicate) {
  for (const document of documents) if (matches(document.view)) yield document;
}

/** A query for what is near something orders its matches by how near they are. */
function nearestFirst(found: Iterable<StoredDocument>, filter: View): Iterable<StoredDocument> {
  const distance = nearness(filter);
  if (!distance) return found;
  const measured = Array.from(found, (document) => ({
    document,
    at: distance(document.view) ?? 0,
  }));
  return measured.sort((a, b) => a.at - b.at).map(({ document }) => document);
}

/**
 * As select, and says how.
 *
 * @param collection undefined for one that does not exist
 * @throws Error for a malformed filter or sort, at once; MongoCommandError 2 for a wrong hint
 */
export function selected(collection: Collection | undefined, selection: Selection): Selected {
  const { filter, variables, sort, skip = 0, limit = 0, hint } = selection;
  const examined: Examined = { keys: 0, documents: 0 };
  const matches = compileFilter(filter, variables);
  const natural = naturalOrder(sort) ?? naturalOrder(isView(hint) ? hint : undefined);
  const order = naturalOrder(sort) === undefined ? sort : undefined;
  if (order) sortKeyer(order);
  if (!collection) return { documents: [], plan: undefined, examined };
  const most = limit > 0 ? skip + limit : undefined;
  const plan = choosePlan(collection, filter, {
    sort: order,
    limit: most,
    hint: natural === undefined ? hint : { $natural: natural },
  });
  let found: Iterable<StoredDocument> = matching(follow(collection, plan, examined), matches);
  if (Number(natural) < 0) found = [...found].reverse();
  if (order && !plan.isOrdered) {
    const viewOf = ({ view }: StoredDocument) => view;
    found =
      most === undefined ? sorted(found, order, viewOf) : smallest(found, order, viewOf, most);
  } else if (!order) found = nearestFirst(found, filter);
  if (skip > 0) found = drop(found, skip);
  return { documents: limit > 0 ? take(found, limit) : found, plan, examined };
}

/**
 * Finds documents in the order of a sort, reading as little as the indexes allow.
 *
 * @throws as selected
 */
export function select(
  collection: Collection | undefined,
  selection: Selection,
): Iterable<StoredDocument> {
  return selected(collection, selection).documents;
}

import { sortKey } from '../bson/sort-key.ts';
import { isView, toView, type View } from '../bson/values.ts';
import { MongoCommandError } from '../errors.ts';
import type { Collection } from '../storage/collection.ts';
import type { StoredDocument } from '../storage/document.ts';
import type { IndexReader } from '../storage/index.ts';
import { type Bounds, boundsOf } from './bounds.ts';
import { isComplete } from './coverage.ts';
import { compileFilter } from './filter.ts';
import { type IndexOrder, orderOf } from './order.ts';
import { entriesOf, type Scan, scanOf } from './scan.ts';

/** What a search is for, as far as that decides how to search. */
export interface Wishes {
  readonly sort?: View | undefined;
  /** How many documents will be read at most, if they come in the sort's order. */
  readonly limit?: number | undefined;
  /** An index by its name or its key, or `{ $natural: 1 }`. */
  readonly hint?: unknown;
}

/** One way to find the documents among which a filter's matches are. */
export interface Plan {
  /** None: the whole collection is read. Several: the branches of an $or. */
  readonly scans: readonly Scan[];
  /** Set if the documents come in the order that was wished for. */
  readonly order?: IndexOrder | undefined;
  readonly isOrdered: boolean;
  readonly cost: number;
}

const readAll: Plan = { scans: [], isOrdered: false, cost: Number.POSITIVE_INFINITY };

function hintedIndex(collection: Collection, hint: unknown): IndexReader | undefined {
  if (isView(hint) && '$natural' in hint) return undefined;
  const found = collection.indexes.find(({ name, definition }) =>
    isView(hint) ? sortKey(toView(definition.get('key'))) === sortKey(hint) : name === hint,
  );
  if (found && found.definition.get('hidden') !== true) return found;
  throw new MongoCommandError(
    2,
    'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
  );
}

/** The expected price of a scan: what is read, and what then has to be sorted. */
function planFor(scan: Scan, matches: number, { sort, limit }: Wishes): Plan {
  const order = sort && orderOf(scan, sort);
  if (!sort) return { scans: [scan], isOrdered: false, cost: scan.estimate };
  if (!order) return { scans: [scan], isOrdered: false, cost: scan.estimate * 2 + 1 };
  const read = limit ? (limit * scan.estimate) / Math.max(matches, 1) : scan.estimate;
  return { scans: [scan], order, isOrdered: true, cost: Math.min(scan.estimate, read) };
}

function usableIndexes(collection: Collection, filter: View, bounds: Bounds): IndexReader[] {
  return collection.indexes.filter(
    (index) =>
      index.ordered && index.definition.get('hidden') !== true && isComplete(index, filter, bounds),
  );
}

/** An $or is answered from indexes if each of its branches is. */
function planOfBranches(collection: Collection, filter: View, branches: readonly View[]): Plan {
  const { $or: _or, ...others } = filter;
  const plans = branches.map((branch) =>
    // Below a branch no further $or is taken apart: the others may still hold this very one.
    planOf(
      collection,
      { $and: [others, branch] },
      { ...boundsOf({ $and: [others, branch] }), alternatives: [] },
      {},
    ),
  );
  if (plans.length === 0 || plans.some(({ scans }) => scans.length === 0)) return readAll;
  const cost = plans.reduce((total, plan) => total + plan.cost, 0);
  return { scans: plans.flatMap(({ scans }) => scans), isOrdered: false, cost };
}

function cheapest(plans: readonly Plan[]): Plan {
  return plans.reduce((best, plan) => (plan.cost < best.cost ? plan : best), readAll);
}

function planOf(collection: Collection, filter: View, bounds: Bounds, wishes: Wishes): Plan {
  const scans = usableIndexes(collection, filter, bounds).map((index) => scanOf(index, bounds));
  const bounded = scans.filter(({ isBounded }) => isBounded);
  const matches = Math.min(collection.size, ...bounded.map(({ estimate }) => estimate));
  const plans = scans
    .map((scan) => planFor(scan, matches, wishes))
    .filter(({ scans: [scan], isOrdered }) => scan?.isBounded || isOrdered);
  const best = cheapest(plans);
  if (bounded.length > 0 && best.cost <= 100) return best;
  const branched = bounds.alternatives.map((branches) =>
    planOfBranches(collection, filter, branches),
  );
  return cheapest([best, ...branched]);
}

/**
 * Chooses how to find a filter's matches.
 *
 * @throws MongoCommandError 2 for a hint that names no index
 */
export function choosePlan(collection: Collection, filter: View, wishes: Wishes = {}): Plan {
  const { hint, sort } = wishes;
  const bounds = boundsOf(filter);
  if (hint == null || (isView(hint) && Object.keys(hint).length === 0)) {
    return planOf(collection, filter, bounds, wishes);
  }
  const index = hintedIndex(collection, hint);
  if (!index?.ordered || (index.partial && !isComplete(index, filter, bounds))) return readAll;
  const scan = scanOf(index, bounds);
  const order = sort && orderOf(scan, sort);
  return { scans: [scan], order, isOrdered: order !== undefined, cost: 0 };
}

/** The number of index keys and documents that a search has read, for `explain`. */
export interface Examined {
  keys: number;
  documents: number;
}

/**
 * The documents that a plan leads to, each of them once.
 *
 * @param examined is counted up while they are read
 */
export function* follow(
  collection: Collection,
  { scans, order }: Plan,
  examined: Examined,
): Iterable<StoredDocument> {
  if (scans.length === 0) {
    for (const document of collection.documents()) {
      examined.documents += 1;
      yield document;
    }
    return;
  }
  // Documents with arrays are filed several times, and may match several branches.
  const mayRepeat = scans.length > 1 || scans.some(({ index }) => index.arrayPaths.size > 0);
  const seen = new Set<string>();
  for (const scan of scans) {
    for (const { id } of entriesOf(scan, order?.backwards ?? false, order?.sortedFrom)) {
      examined.keys += 1;
      if (mayRepeat) {
        if (seen.has(id)) continue;
        seen.add(id);
      }
      const document = collection.get(id);
      if (!document) continue;
      examined.documents += 1;
      yield document;
    }
  }
}

/**
 * Finds documents in no order, one after the other as they are asked for.
 *
 * @param collection undefined for one that does not exist
 * @param filter the query's plain view
 * @param variables the command's `let`
 * @param hint the index to use
 * @throws Error for a malformed filter, at once and even if there is nothing to search
 */
export function search(
  collection: Collection | undefined,
  filter: View,
  variables?: View,
  hint?: unknown,
): Iterable<StoredDocument> {
  const matches = compileFilter(filter, variables);
  if (!collection) return [];
  const plan = choosePlan(collection, filter, { hint });
  const found = follow(collection, plan, { keys: 0, documents: 0 });
  return (function* matching() {
    for (const document of found) if (matches(document.view)) yield document;
  })();
}

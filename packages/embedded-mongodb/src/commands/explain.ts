import { isView, type View } from '../bson/values.ts';
import type { Command, Handler } from '../command.ts';
import type { Reply } from '../command-types.ts';
import { MongoCommandError } from '../errors.ts';
import type { Plan } from '../query/plan.ts';
import type { Scan } from '../query/scan.ts';
import { type Selected, selected } from '../query/select.ts';
import { sortSpec } from '../query/sort.ts';

/** The name of the filter argument of each command that explain supports. */
const filters: Record<string, string> = {
  find: 'filter',
  count: 'query',
  distinct: 'query',
  findAndModify: 'query',
};

function scanStage({ index }: Scan, isBackward: boolean): Reply {
  return {
    stage: 'IXSCAN',
    keyPattern: index.definition.get('key'),
    indexName: index.name,
    isMultiKey: index.arrayPaths.size > 0,
    isSparse: index.sparse,
    isPartial: index.partial !== undefined,
    direction: isBackward ? 'backward' : 'forward',
  };
}

function accessStage(plan: Plan | undefined): Reply {
  if (!plan) return { stage: 'EOF' };
  const scans = plan.scans.map((scan) => scanStage(scan, plan.order?.backwards ?? false));
  const [first, ...others] = scans;
  if (!first) return { stage: 'COLLSCAN', direction: 'forward' };
  const inputStage = others.length > 0 ? { stage: 'OR', inputStages: scans } : first;
  return { stage: 'FETCH', inputStage };
}

function winningPlan({ plan }: Selected, sort: View | undefined, limit: number): Reply {
  const access = accessStage(plan);
  const isSorted = sort === undefined || plan === undefined || plan.isOrdered;
  if (!isSorted) return { stage: 'SORT', sortPattern: sort, inputStage: access };
  return limit > 0 ? { stage: 'LIMIT', limitAmount: limit, inputStage: access } : access;
}

function explained(command: Command): View {
  const inner = command.options[command.name];
  if (isView(inner)) return inner;
  throw new MongoCommandError(14, "BSON field 'explain.explain' is the wrong type");
}

/** Returns the winning plan of a query and, depending on the verbosity, its execution statistics. */
const explain: Handler = (command) => {
  const inner = explained(command);
  const [name = ''] = Object.keys(inner);
  const filterName = filters[name];
  if (filterName === undefined) {
    throw new MongoCommandError(72, `The embedded MongoDB does not explain '${name}'`);
  }
  const collection = command.store.find(command.database, String(inner[name]));
  const filter = inner[filterName];
  const sort = sortSpec(inner.sort);
  const limit = Math.abs(Number(inner.limit ?? 0));
  const chosen = selected(collection, {
    filter: isView(filter) ? filter : {},
    sort,
    skip: Number(inner.skip ?? 0),
    limit,
    hint: inner.hint,
  });
  const namespace = `${command.database}.${String(inner[name])}`;
  const plan = winningPlan(chosen, sort, limit);
  const queryPlanner = { namespace, parsedQuery: filter ?? {}, winningPlan: plan };
  if (command.options.verbosity === 'queryPlanner') return { queryPlanner };
  const nReturned = [...chosen.documents].length;
  const { keys: totalKeysExamined, documents: totalDocsExamined } = chosen.examined;
  const executionStats = {
    executionSuccess: true,
    nReturned,
    totalKeysExamined,
    totalDocsExamined,
    executionStages: plan,
  };
  return { queryPlanner, executionStats };
};

export const explainCommands: Record<string, Handler> = { explain };

import { type BsonDocument, isView, toView, type View } from '../bson/values.ts';
import type { Command, Handler } from '../command.ts';
import { MongoCommandError } from '../errors.ts';
import { take } from '../iteration.ts';
import { search } from '../query/plan.ts';
import type { Collection } from '../storage/collection.ts';
import type { StoredDocument } from '../storage/document.ts';
import { refuseExpressions } from '../update/upsert.ts';
import { runBatch } from './batch.ts';
import { Modification } from './modify.ts';

interface Outcome {
  matched: number;
  modified: number;
  inserted?: StoredDocument;
}

/** Returns the first match, or all. They are collected before any is changed, so that none is updated twice. */
function targets(
  collection: Collection | undefined,
  filter: View,
  multi: boolean,
  vars?: View,
  hint?: unknown,
) {
  const found = search(collection, filter, vars, hint);
  return [...(multi ? found : take(found, 1))];
}

function updateOne(command: Command, statement: BsonDocument): Outcome {
  const { store } = command;
  const filter = statement.get('q');
  if (!(filter instanceof Map)) {
    throw new MongoCommandError(14, "BSON field 'update.updates.q' is the wrong type");
  }
  const multi = statement.get('multi') === true;
  const constants = toView(statement.get('c'));
  const variables = { ...(isView(constants) ? constants : {}), ...command.variables };
  const isUpsert = statement.get('upsert') === true;
  if (isUpsert) refuseExpressions(filter);
  const modification = new Modification(
    filter,
    statement.get('u'),
    toView(statement.get('arrayFilters')),
    variables,
  );
  if (multi && modification.isReplacement) {
    throw new MongoCommandError(9, 'multi update is not supported for replacement-style update');
  }
  const name = command.collectionName;
  const existing = store.find(command.database, name);
  const documents = targets(
    existing,
    toView(filter) as View,
    multi,
    variables,
    toView(statement.get('hint')),
  );
  if (documents.length === 0 && isUpsert) {
    const inserted = modification.insert(store.open(command.database, name));
    return { matched: 0, modified: 0, inserted };
  }
  let modified = 0;
  for (const document of documents) {
    if (existing && modification.apply(existing, document) !== document) modified += 1;
  }
  return { matched: documents.length, modified };
}

const update: Handler = (command) => {
  const statements = command.exactBatch('updates');
  const upserted: object[] = [];
  let [n, nModified] = [0, 0];
  const { errors } = runBatch(command, statements, (statement, index) => {
    const { matched, modified, inserted } = updateOne(command, statement);
    n += matched + (inserted ? 1 : 0);
    nModified += modified;
    if (inserted) upserted.push({ index, _id: inserted.exact().get('_id') });
  });
  return { n, nModified, ...(upserted.length > 0 ? { upserted } : {}), ...errors };
};

export const updateCommands: Record<string, Handler> = { update };

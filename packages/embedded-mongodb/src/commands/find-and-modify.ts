import { type BsonDocument, toView, type View } from '../bson/values.ts';
import { RawDocument } from '../bson/write.ts';
import type { Command, Handler } from '../command.ts';
import type { Reply } from '../command-types.ts';
import { MongoCommandError } from '../errors.ts';
import { compileProjection } from '../query/projection.ts';
import { select } from '../query/select.ts';
import { sortSpec } from '../query/sort.ts';
import type { StoredDocument } from '../storage/document.ts';
import { refuseExpressions } from '../update/upsert.ts';
import { Modification } from './modify.ts';

function firstMatch(command: Command, filter: View): StoredDocument | undefined {
  const collection = command.store.find(command.database, command.collectionName);
  const [first] = select(collection, {
    filter,
    variables: command.variables,
    sort: sortSpec(command.options.sort),
    limit: 1,
    hint: command.options.hint,
  });
  return first;
}

function answer(
  command: Command,
  filter: View,
  document: StoredDocument | undefined,
  lastErrorObject: Reply,
): Reply {
  const project = compileProjection(command.options.fields, filter);
  return { lastErrorObject, value: document ? new RawDocument(project(document)) : null };
}

function removeFirst(command: Command, filter: View): Reply {
  const document = firstMatch(command, filter);
  if (document) {
    command.store.find(command.database, command.collectionName)?.remove(document);
  }
  return answer(command, filter, document, { n: document ? 1 : 0 });
}

function changeFirst(command: Command, exactFilter: BsonDocument, filter: View): Reply {
  const { store } = command;
  const { upsert, arrayFilters } = command.options;
  const wantsNew = command.options.new === true;
  const update = command.exact('update');
  if (upsert === true) refuseExpressions(exactFilter);
  const { variables } = command;
  const modification = new Modification(exactFilter, update, arrayFilters, variables);
  const document = firstMatch(command, filter);
  if (document) {
    const collection = store.open(command.database, command.collectionName);
    const changed = modification.apply(collection, document);
    const shown = wantsNew ? changed : document;
    return answer(command, filter, shown, { n: 1, updatedExisting: true });
  }
  if (upsert !== true) return answer(command, filter, undefined, { n: 0, updatedExisting: false });
  const inserted = modification.insert(store.open(command.database, command.collectionName));
  return answer(command, filter, wantsNew ? inserted : undefined, {
    n: 1,
    updatedExisting: false,
    upserted: inserted.exact().get('_id'),
  });
}

const findAndModify: Handler = (command) => {
  const exactFilter = command.exact('query') ?? new Map();
  if (!(exactFilter instanceof Map)) {
    throw new MongoCommandError(14, "BSON field 'findAndModify.query' is the wrong type");
  }
  const filter = toView(exactFilter) as View;
  const removes = command.options.remove === true;
  if (removes === command.body.has('update')) {
    throw new MongoCommandError(
      9,
      removes
        ? 'Cannot specify both an update and remove=true'
        : 'Either an update or remove=true must be specified',
    );
  }
  return removes ? removeFirst(command, filter) : changeFirst(command, exactFilter, filter);
};

export const findAndModifyCommands: Record<string, Handler> = { findAndModify };

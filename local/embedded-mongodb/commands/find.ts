import { sortKey } from '../bson/sort-key.ts';
import { isView } from '../bson/values.ts';
import { RawDocument, write } from '../bson/write.ts';
import type { Command, Handler } from '../command.ts';
import { drop, map, take } from '../iteration.ts';
import { search } from '../query/plan.ts';
import { compileProjection } from '../query/projection.ts';
import { sorted, sortSpec } from '../query/sort.ts';
import type { StoredDocument } from '../storage/document.ts';
import { reachEach } from '../storage/paths.ts';

/** What a filter, a sort, a skip and a limit choose, in order. */
function choose(command: Command, filterName: string): Iterable<StoredDocument> {
  const collection = command.state.store.find(command.database, command.collectionName);
  const constants = command.options.let;
  const variables = isView(constants) ? constants : undefined;
  const found = search(collection, command.document(filterName), variables);
  const sort = sortSpec(command.options.sort);
  let chosen = sort ? sorted(found, sort, ({ view }) => view) : found;
  const skip = command.number('skip') ?? 0;
  const limit = Math.abs(command.number('limit') ?? 0);
  if (skip > 0) chosen = drop(chosen, skip);
  return limit > 0 ? take(chosen, limit) : chosen;
}

const find: Handler = (command) => {
  const project = compileProjection(command.options.projection, command.document('filter'));
  // Collected now: a cursor shows what there was when it was opened.
  const documents = Array.from(choose(command, 'filter'));
  const limit = command.number('limit') ?? 0;
  const cursor = command.state.cursors.first(
    `${command.database}.${command.collectionName}`,
    map(documents, project),
    {
      batchSize: command.number('batchSize'),
      singleBatch: command.options.singleBatch === true || limit < 0,
    },
  );
  return { cursor };
};

const count: Handler = (command) => {
  let n = 0;
  for (const _document of choose(command, 'query')) n += 1;
  return { n };
};

/** The different values at a path, an array giving each of its elements. */
const distinct: Handler = (command) => {
  const parts = String(command.options.key).split('.');
  const values = new Map<string, unknown>();
  for (const { view } of choose(command, 'query')) {
    reachEach(view, parts, (value) => {
      if (value !== undefined && !Array.isArray(value)) values.set(sortKey(value), value);
      return false;
    });
  }
  return { values: [...values.values()] };
};

/** Plain documents that are not stored anywhere, as the documents of a cursor. */
export function cursorOf(command: Command, collection: string, documents: readonly object[]) {
  const { cursors } = command.state;
  const cursor = command.document('cursor');
  const batchSize = cursor.batchSize === undefined ? undefined : Number(cursor.batchSize);
  return cursors.first(`${command.database}.${collection}`, documents.map(encoded), { batchSize });
}

function encoded(document: object): Buffer {
  return document instanceof RawDocument ? document.bytes : write(document);
}

export const findCommands: Record<string, Handler> = { find, count, distinct };

import { sortKey } from '../bson/sort-key.ts';
import { RawDocument, write } from '../bson/write.ts';
import type { Command, Handler } from '../command.ts';
import { MongoCommandError } from '../errors.ts';
import { map } from '../iteration.ts';
import { compileProjection } from '../query/projection.ts';
import { select } from '../query/select.ts';
import { sortSpec } from '../query/sort.ts';
import type { StoredDocument } from '../storage/document.ts';
import { reachEach } from '../storage/paths.ts';

function notNegative(command: Command, name: string): number | undefined {
  const value = command.number(name);
  if (value === undefined || value >= 0) return value;
  throw new MongoCommandError(
    51024,
    `BSON field '${name}' value must be >= 0, actual value '${value}'`,
  );
}

/** Returns the documents that the command's filter, sort, skip and limit select, in order. */
function choose(command: Command, filterName: string): Iterable<StoredDocument> {
  const collection = command.store.find(command.database, command.collectionName);
  return select(collection, {
    filter: command.document(filterName),
    variables: command.variables,
    sort: sortSpec(command.options.sort),
    skip: notNegative(command, 'skip'),
    limit: Math.abs(command.number('limit') ?? 0),
    hint: command.options.hint,
  });
}

const find: Handler = (command) => {
  const project = compileProjection(command.options.projection, command.document('filter'));
  // Collect them now, so that a cursor returns the documents as they were when it was opened.
  const documents = Array.from(choose(command, 'filter'));
  const limit = command.number('limit') ?? 0;
  const cursor = command.openCursor(
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

/** Returns the distinct values at a path. An array contributes each of its elements. */
const distinct: Handler = (command) => {
  const { key } = command.options;
  if (typeof key !== 'string' || key === '') {
    throw new MongoCommandError(40414, "BSON field 'distinct.key' is missing but a required field");
  }
  const parts = key.split('.');
  const values = new Map<string, unknown>();
  for (const { view } of choose(command, 'query')) {
    reachEach(view, parts, (value) => {
      if (value !== undefined && !Array.isArray(value)) values.set(sortKey(value), value);
      return false;
    });
  }
  return { values: [...values.values()] };
};

/** Returns a cursor over documents that are not stored in a collection. */
export function cursorOf(command: Command, collection: string, documents: readonly object[]) {
  const cursor = command.document('cursor');
  const batchSize = cursor.batchSize === undefined ? undefined : Number(cursor.batchSize);
  return command.openCursor(`${command.database}.${collection}`, documents.map(encoded), {
    batchSize,
  });
}

function encoded(document: object): Buffer {
  return document instanceof RawDocument ? document.bytes : write(document);
}

export const findCommands: Record<string, Handler> = { find, count, distinct };

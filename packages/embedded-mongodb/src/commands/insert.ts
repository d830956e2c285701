import { ObjectId } from 'bson';
import { readExact } from '../bson/read.ts';
import type { BsonDocument, BsonValue } from '../bson/values.ts';
import { write } from '../bson/write.ts';
import type { Handler } from '../command.ts';
import { MongoCommandError } from '../errors.ts';
import { StoredDocument } from '../storage/document.ts';
import { runBatch } from './batch.ts';
import { validate } from './validation.ts';

const largestDocument = 16 * 1024 * 1024;
const idName = Buffer.from('_id\0');
const refusedIdTypes: ReadonlyMap<number, string> = new Map([
  [0x04, 'array'],
  [0x06, 'undefined'],
  [0x0b, 'regex'],
]);

/** Whether `_id` is the first field of an encoded document, as MongoDB stores it. */
function startsWithId(bytes: Buffer): boolean {
  return bytes.length > 9 && bytes.subarray(5, 9).equals(idName);
}

/**
 * Converts a document to a stored document.
 *
 * @param document exact values. An `_id` is added if it lacks one
 * @throws MongoCommandError 2 for an `_id` of an invalid type, 10334 if it is larger than 16 MiB
 */
export function storable(document: BsonDocument): StoredDocument {
  const id: BsonValue = document.has('_id') ? document.get('_id') : new ObjectId();
  const inOrder: BsonDocument = new Map([['_id', id]]);
  for (const [key, value] of document) if (key !== '_id') inOrder.set(key, value);
  return fromBytes(write(inOrder));
}

function fromBytes(bytes: Buffer): StoredDocument {
  const refused = refusedIdTypes.get(bytes[4] ?? 0);
  if (refused) throw new MongoCommandError(2, `The '_id' value cannot be of type ${refused}`);
  if (bytes.length > largestDocument) {
    throw new MongoCommandError(
      10334,
      `BSONObj size: ${bytes.length} is invalid. Size must be between 0 and ${largestDocument}`,
    );
  }
  return new StoredDocument(bytes);
}

function received(bytes: Buffer): StoredDocument {
  // Copied, or the document would keep the whole message that it came in alive.
  return startsWithId(bytes) ? fromBytes(Buffer.from(bytes)) : storable(readExact(bytes));
}

const insert: Handler = (command) => {
  const documents = command.batch('documents');
  const collection = command.store.open(command.database, command.collectionName);
  const { done, errors } = runBatch(command, documents, (bytes) => {
    const document = received(bytes);
    if (command.options.bypassDocumentValidation !== true) validate(collection, document);
    collection.insert(document);
  });
  return { n: done, ...errors };
};

export const insertCommands: Record<string, Handler> = { insert };

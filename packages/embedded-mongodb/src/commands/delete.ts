import { toView, type View } from '../bson/values.ts';
import type { Handler } from '../command.ts';
import { MongoCommandError } from '../errors.ts';
import { take } from '../iteration.ts';
import { search } from '../query/plan.ts';
import { runBatch } from './batch.ts';

const remove: Handler = (command) => {
  const statements = command.exactBatch('deletes');
  const collection = command.store.find(command.database, command.collectionName);
  let n = 0;
  const { errors } = runBatch(command, statements, (statement) => {
    const filter = statement.get('q');
    if (!(filter instanceof Map)) {
      throw new MongoCommandError(14, "BSON field 'delete.deletes.q' is the wrong type");
    }
    const found = search(
      collection,
      toView(filter) as View,
      command.variables,
      toView(statement.get('hint')),
    );
    const limit = Number(toView(statement.get('limit') ?? 0));
    const doomed = [...(limit === 1 ? take(found, 1) : found)];
    for (const document of doomed) collection?.remove(document);
    n += doomed.length;
  });
  return { n, ...errors };
};

export const deleteCommands: Record<string, Handler> = { delete: remove };

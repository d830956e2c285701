// Type-checked only, against the installed package.
import {
  bindModel,
  type ConnectionFamily,
  type DatabaseLease,
  deadlineIn,
  duplicateKeyFields,
  ensureIndexes,
  leaseDatabases,
  type ManagedConnection,
  manageConnection,
} from '@manystore/connections';
import mongoose, { type Connection, type Model, Schema } from 'mongoose';

const Note = mongoose.model('Note', new Schema({ text: { type: String, required: true } }));
const Plain: Model<{ text: string }> = mongoose.model<{ text: string }>('Plain');

const base: ManagedConnection = manageConnection({
  connection: () => mongoose.connection,
  connect: () => mongoose.connect('mongodb://localhost/'),
  onEvent: (event) => event === 'connected',
});

export async function use(family: ConnectionFamily): Promise<string[]> {
  const tenants = leaseDatabases(base, {
    limit: () => 5,
    isAllowed: (name) => name === 'tenant_a',
  });
  using deadline = deadlineIn(1_000);
  const { signal } = deadline;
  using lease: DatabaseLease = await tenants.lease('tenant_a', signal);
  using cluster = await family.lease('acme', signal);
  const connection: Connection = await cluster.connection.open(signal);
  const notes = bindModel(Note, connection);
  await ensureIndexes(notes, signal);
  await bindModel(Plain, connection).findOne({}, null, { signal });
  // Mongoose's own types lack these members.
  await notes.insertMany([{ text: 'a' }], { signal });
  await connection.db?.command({ ping: 1 }, { signal });
  await notes.collection.createIndex({ text: 1 }, { signal, socketTimeoutMS: 1_000 });
  lease.connection.removeDb('tenant_b');
  // @ts-expect-error A database lease has no other members.
  lease.release();
  const found = await notes.find({}, null, { signal }).lean();
  return duplicateKeyFields(new Error()) ?? found.map(({ text }) => text);
}

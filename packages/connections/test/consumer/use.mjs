// Uses the installed package as JavaScript: node use.mjs <connection string>
import {
  bindModel,
  connectionFamily,
  containerOptions,
  ensureIndexes,
  leaseDatabases,
  manageConnection,
} from '@manystore/connections';
import mongoose from 'mongoose';

const [, , uri = ''] = process.argv;
const Note = mongoose.model('Note', new mongoose.Schema({ text: { type: String, index: true } }));
const manage = () =>
  manageConnection({
    connection: () => mongoose.createConnection(),
    connect: (connection) => connection.openUri(uri, containerOptions(uri, { maxPoolSize: 2 })),
  });

const base = manage();
const tenants = leaseDatabases(base, { limit: 1, isAllowed: (name) => name.startsWith('tenant_') });
const lease = await tenants.lease(`tenant_${process.pid}`);
const notes = bindModel(Note, lease.connection);
await ensureIndexes(notes);
await notes.create({ text: 'hello' });
const found = await notes.find({}, { _id: 0, text: 1 }).lean();
lease[Symbol.dispose]();

const clusters = connectionFamily({ limit: 1, manage });
for (const name of ['a', 'b']) {
  const cluster = await clusters.lease(name);
  await cluster.connection.ping();
  cluster[Symbol.dispose]();
}
const names = clusters.names();
await clusters.close();
await base.close();
console.log(JSON.stringify({ found, names }));

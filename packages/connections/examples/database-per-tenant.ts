import {
  bindModel,
  containerOptions,
  leaseDatabases,
  manageConnection,
} from '@manystore/connections';
import mongoose, { Schema } from 'mongoose';

mongoose.set({ autoCreate: false, autoIndex: false, bufferCommands: false });

const uri = process.env.MONGODB_URI ?? '';
const Note = mongoose.model('Note', new Schema({ text: String }));

const base = manageConnection({
  connection: () => mongoose.connection,
  connect: () => mongoose.connect(uri, containerOptions(uri, { maxPoolSize: 5 })),
});

const tenants = leaseDatabases(base, {
  limit: 50,
  // A tenant whose database does not respond leaves a socket to the others.
  leasesPerDatabase: 4,
  // Never open a database by an unvalidated name.
  isAllowed: (name) => /^tenant_[a-z0-9]{1,20}$/.test(name),
});

/** @param event `event.tenant` comes from a verified token, not from the request's path or body */
export async function handler(event: { tenant: string; text: string }) {
  try {
    using database = await tenants.lease(`tenant_${event.tenant}`);
    const TenantNote = bindModel(Note, database.connection);
    await TenantNote.create({ text: event.text });
    return { statusCode: 200, body: JSON.stringify(await TenantNote.find().lean()) };
  } catch (error) {
    if (error instanceof RangeError) return { statusCode: 404 };
    base.reportFailure(error);
    throw error;
  }
}

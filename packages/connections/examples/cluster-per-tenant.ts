import {
  bindModel,
  connectionFamily,
  containerOptions,
  manageConnection,
} from '@manystore/connections';
import mongoose, { Schema } from 'mongoose';

mongoose.set({ autoCreate: false, autoIndex: false, bufferCommands: false });

/** Connection strings by tenant, such as `{"acme":"mongodb+srv://…"}`. They could also come from a secrets store. */
const uris = new Map<string, string>(Object.entries(JSON.parse(process.env.CLUSTERS ?? '{}')));
const Invoice = mongoose.model('Invoice', new Schema({ total: Number }));

// Each cluster has its own pool, so a container keeps only the 10 most recently used ones.
const clusters = connectionFamily({
  limit: 10,
  manage: (tenant) => {
    const uri = uris.get(tenant) ?? '';
    return manageConnection({
      connection: () => mongoose.createConnection(),
      connect: (connection) => connection.openUri(uri, containerOptions(uri, { maxPoolSize: 2 })),
    });
  },
});

/** @param event `event.tenant` comes from a verified token, not from the request's path or body */
export async function handler(event: { tenant: string; total: number }) {
  if (!uris.has(event.tenant)) return { statusCode: 404 };
  try {
    using cluster = await clusters.lease(event.tenant);
    const TenantInvoice = bindModel(Invoice, await cluster.connection.open());
    await TenantInvoice.create({ total: event.total });
    return { statusCode: 200, body: JSON.stringify(await TenantInvoice.find().lean()) };
  } catch (error) {
    clusters.reportFailure(error);
    throw error;
  }
}

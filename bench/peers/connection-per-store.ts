import mongoose, { type Connection } from 'mongoose';
import { productSchema } from '#lib/products/record.ts';

/* A store as most tutorials open it: a connection of its own, kept in a Map, and the same schema as a model on it. */

const connections = new Map<string, Connection>();

export async function visit(id: string): Promise<void> {
  if (connections.has(id)) return;
  const uri = new URL(process.env.PRIMARY_CONN_STR ?? '');
  uri.pathname = `/store_${id}`;
  const options = { autoIndex: false, autoCreate: false, maxPoolSize: 5 };
  const connection = await mongoose.createConnection(uri.href, options).asPromise();
  connections.set(id, connection);
  connection.model('Product', productSchema);
}

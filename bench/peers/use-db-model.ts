import mongoose from 'mongoose';
import { productSchema } from '#lib/products/record.ts';

/* A store as mongoose's guide opens it: useDb() with its cache, and model() with the same schema. */

const base = mongoose.createConnection(process.env.PRIMARY_CONN_STR ?? '', {
  autoIndex: false,
  autoCreate: false,
});

export async function visit(id: string): Promise<void> {
  await base.asPromise();
  base.useDb(`store_${id}`, { useCache: true }).model('Product', productSchema);
}

import mongoose from 'mongoose';
import { productSchema } from '#lib/products/record.ts';

/* A store without any cache: useDb() and model() with the same schema for each request. */

const base = mongoose.createConnection(process.env.PRIMARY_CONN_STR ?? '', {
  autoIndex: false,
  autoCreate: false,
});

export async function visit(id: string): Promise<void> {
  await base.asPromise();
  base.useDb(`store_${id}`).model('Product', productSchema);
}

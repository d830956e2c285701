import type { Connection, Model } from 'mongoose';
import { type ProductRecord, productSchema } from '../products/record.ts';

/** A mirrored product. It includes its store, because the mirror contains the products of all stores. */
export type MirroredProduct = ProductRecord & Required<Pick<ProductRecord, 'store'>>;

// The same schema as in the catalogs, but with other indexes: an SKU is unique within a store, not across stores.
const mirrorSchema = productSchema.clone().clearIndexes();
mirrorSchema.path('store').required(true);
// A search may read slightly outdated data. The sync uses the driver directly, which ignores this setting.
mirrorSchema.set('read', 'secondaryPreferred');

mirrorSchema.index({ terms: 1 });
// For the sort orders of a list across all stores …
mirrorSchema.index({ name: 1, _id: 1 });
mirrorSchema.index({ 'price.amount': 1, _id: 1 });
mirrorSchema.index({ createdAt: 1, _id: 1 });
mirrorSchema.index({ updatedAt: 1, _id: 1 });
mirrorSchema.index({ category: 1, createdAt: 1, _id: 1 });
mirrorSchema.index({ tags: 1, createdAt: 1, _id: 1 });
// … and within one store or a few stores. Without these, listing the products of a small store would scan those of all
// stores.
mirrorSchema.index({ 'store.id': 1, name: 1, _id: 1 });
mirrorSchema.index({ 'store.id': 1, createdAt: 1, _id: 1 });
mirrorSchema.index({ 'store.id': 1, updatedAt: 1, _id: 1 });
// This one also contains the fields of the figures, so that they are computed from the index alone.
mirrorSchema.index({
  'store.id': 1,
  'price.amount': 1,
  _id: 1,
  'price.currency': 1,
  stock: 1,
});

/** Returns the model of the mirror on the secondary connection. */
export const mirrorOn = (connection: Connection): Model<MirroredProduct> =>
  (connection.models.Mirrored as Model<MirroredProduct> | undefined) ??
  connection.model<MirroredProduct>('Mirrored', mirrorSchema as never);

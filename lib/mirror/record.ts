import type { Connection, Model } from 'mongoose';
import { type ProductRecord, productSchema } from '../products/record.ts';

/** A product in the mirror, which says whose it is: the mirror holds the products of all stores. */
export type MirroredProduct = ProductRecord & Required<Pick<ProductRecord, 'store'>>;

// The schema of every catalog, with indexes of its own: an SKU is unique within a store, not across them.
const mirrorSchema = productSchema.clone().clearIndexes();
mirrorSchema.path('store').required(true);
// Who searches takes what is a moment old; the sync reads with the driver's own operations.
mirrorSchema.set('read', 'secondaryPreferred');

mirrorSchema.index({ terms: 1 });
// The orders of a list, across all stores …
mirrorSchema.index({ name: 1, _id: 1 });
mirrorSchema.index({ 'price.amount': 1, _id: 1 });
mirrorSchema.index({ createdAt: 1, _id: 1 });
mirrorSchema.index({ updatedAt: 1, _id: 1 });
mirrorSchema.index({ category: 1, createdAt: 1, _id: 1 });
mirrorSchema.index({ tags: 1, createdAt: 1, _id: 1 });
// … and within one store, or a few of them: without these, a page of a small store's products would be
// looked for among everybody's.
mirrorSchema.index({ 'store.id': 1, name: 1, _id: 1 });
mirrorSchema.index({ 'store.id': 1, createdAt: 1, _id: 1 });
mirrorSchema.index({ 'store.id': 1, updatedAt: 1, _id: 1 });
// This one ends with what figures are made of: a store's come from the index alone.
mirrorSchema.index({
  'store.id': 1,
  'price.amount': 1,
  _id: 1,
  'price.currency': 1,
  stock: 1,
});

/** The mirror of every store's products, on the secondary connection. */
export const mirrorOn = (connection: Connection): Model<MirroredProduct> =>
  (connection.models.Mirrored as Model<MirroredProduct> | undefined) ??
  connection.model<MirroredProduct>('Mirrored', mirrorSchema as never);

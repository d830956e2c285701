import { bindModel } from '@manystore/connections';
import mongoose, {
  type Connection,
  type Model,
  Schema,
  type SchemaDefinition,
  Types,
} from 'mongoose';
import type { ProductInput } from './schema.ts';
import { searchTerms } from './search-terms.ts';

/**
 * A product in the database: the fields that a caller can write, and those that the service sets.
 * Amounts are integers in the currency's minor unit, such as cents.
 */
export interface ProductRecord extends ProductInput {
  _id: Types.ObjectId;
  /** The store that the product belongs to. Only mirrored products contain it. */
  store?: { id: string; name: string };
  /** The words for text search: see `searchTerms()`. */
  terms: string[];
  /** Starts at 1 and grows with each change. It is the product's ETag. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const price = new Schema(
  { amount: { type: Number, required: true }, currency: { type: String, required: true } },
  { _id: false },
);
const store = new Schema(
  { id: { type: String, required: true }, name: { type: String, required: true } },
  { _id: false, id: false },
);

/** The schema definition of a record, without the three fields that mongoose adds. */
type Definition = Required<
  SchemaDefinition<Omit<ProductRecord, '_id' | 'createdAt' | 'updatedAt'>>
>;

/**
 * The schema of all products: in the head catalog, in every store, and in the mirror. The compiler requires every field
 * of {@link ProductRecord}.
 */
export const productSchema = new Schema<ProductRecord>(
  {
    sku: { type: String, required: true },
    name: { type: String, required: true },
    description: String,
    category: String,
    tags: { type: [String], required: true },
    price: { type: price, required: true },
    stock: { type: Number, required: true },
    status: { type: String, enum: ['draft', 'active'], required: true },
    attributes: { type: Map, of: String, required: true },
    store,
    terms: { type: [String], required: true },
    version: { type: Number, required: true },
  } satisfies Definition,
  { collection: 'products', timestamps: true, versionKey: false, minimize: false, id: false },
);

productSchema.index({ sku: 1 }, { unique: true });
productSchema.index({ terms: 1 });
// For the sort orders of a list. Each ends with _id, so that a page can start after the last product of the previous one.
productSchema.index({ name: 1, _id: 1 });
productSchema.index({ 'price.amount': 1, _id: 1 });
productSchema.index({ createdAt: 1, _id: 1 });
productSchema.index({ updatedAt: 1, _id: 1 });
productSchema.index({ category: 1, createdAt: 1, _id: 1 });
productSchema.index({ tags: 1, createdAt: 1, _id: 1 });

/** The model of the head catalog, on the primary connection. */
const HeadProduct: Model<ProductRecord> = mongoose.model<ProductRecord>('Product', productSchema);

/** Returns the model of a catalog's products, bound to the connection to its database. */
export const productsOn = (connection: Connection): Model<ProductRecord> =>
  bindModel(HeadProduct, connection);

/** Returns the record of a new product, dated `now`. */
export const newRecord = (input: ProductInput, now: Date): ProductRecord => ({
  _id: new Types.ObjectId(),
  ...input,
  terms: searchTerms(input),
  version: 1,
  createdAt: now,
  updatedAt: now,
});

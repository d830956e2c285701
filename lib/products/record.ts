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
 * A product as its database stores it: every field that a caller can write, and those of the service.
 * Amounts are integers in the currency's minor unit (cents).
 */
export interface ProductRecord extends ProductInput {
  _id: Types.ObjectId;
  /** The store that it belongs to, in the mirror. In a store's own database it goes without saying. */
  store?: { id: string; name: string };
  /** What text search looks through: see `searchTerms()`. */
  terms: string[];
  /** Counts the changes from 1, and is the product's ETag. */
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

/** Every field of a record. Mongoose adds the three that are left out here. */
type Definition = Required<
  SchemaDefinition<Omit<ProductRecord, '_id' | 'createdAt' | 'updatedAt'>>
>;

/**
 * The one schema of a product: the head catalog's, every store's, and the mirror's on the secondary. A field of
 * {@link ProductRecord} that it lacks does not compile.
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
// The orders of a list, each with _id behind it, so that a page starts where the one before it ended.
productSchema.index({ name: 1, _id: 1 });
productSchema.index({ 'price.amount': 1, _id: 1 });
productSchema.index({ createdAt: 1, _id: 1 });
productSchema.index({ updatedAt: 1, _id: 1 });
productSchema.index({ category: 1, createdAt: 1, _id: 1 });
productSchema.index({ tags: 1, createdAt: 1, _id: 1 });

/** The head catalog's products, on the primary connection. */
const HeadProduct: Model<ProductRecord> = mongoose.model<ProductRecord>('Product', productSchema);

/** The products of the database that `connection` stands for. */
export const productsOn = (connection: Connection): Model<ProductRecord> =>
  bindModel(HeadProduct, connection);

/** Returns the record of a product that is new at `now`. */
export const newRecord = (input: ProductInput, now: Date): ProductRecord => ({
  _id: new Types.ObjectId(),
  ...input,
  terms: searchTerms(input),
  version: 1,
  createdAt: now,
  updatedAt: now,
});

import { bindModel, containerOptions, manageConnection, retryOnce } from '@manystore/connections';
import mongoose, { Schema } from 'mongoose';

mongoose.set({ autoCreate: false, autoIndex: false, bufferCommands: false });

const shopUri = process.env.SHOP_URI ?? '';
const archiveUri = process.env.ARCHIVE_URI ?? '';
const Order = mongoose.model('Order', new Schema({ item: String }));

const shop = manageConnection({
  connection: () => mongoose.connection,
  connect: () => mongoose.connect(shopUri, containerOptions(shopUri, { maxPoolSize: 5 })),
});

// This connection has its own pool. A function that never opens it does not depend on its server.
const archive = manageConnection({
  connection: () => mongoose.createConnection(),
  connect: (connection) =>
    connection.openUri(archiveUri, containerOptions(archiveUri, { maxPoolSize: 2 })),
});

/** Moves an order to the archive. It is safe to retry after a partial failure. */
export async function handler({ id }: { id: string }) {
  try {
    const [, archiveConnection] = await Promise.all([shop.open(), archive.open()]);
    const ArchivedOrder = bindModel(Order, archiveConnection);
    const order = await Order.findById(id).lean();
    if (!order) return { statusCode: 404 };
    // Both operations select by _id, so they are idempotent.
    await retryOnce(() => ArchivedOrder.replaceOne({ _id: order._id }, order, { upsert: true }));
    await retryOnce(() => Order.deleteOne({ _id: order._id }));
    return { statusCode: 204 };
  } catch (error) {
    // Each connection ignores the failures of the other.
    for (const connection of [shop, archive]) connection.reportFailure(error);
    throw error;
  }
}

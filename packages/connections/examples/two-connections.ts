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

// A pool of its own. A function that never opens it does not notice whether its server is up.
const archive = manageConnection({
  connection: () => mongoose.createConnection(),
  connect: (connection) =>
    connection.openUri(archiveUri, containerOptions(archiveUri, { maxPoolSize: 2 })),
});

/** Moves an order to the archive. It may be called again if it fails half-way. */
export async function handler({ id }: { id: string }) {
  try {
    const [, archiveConnection] = await Promise.all([shop.open(), archive.open()]);
    const ArchivedOrder = bindModel(Order, archiveConnection);
    const order = await Order.findById(id).lean();
    if (!order) return { statusCode: 404 };
    // Both name the _id, so running them twice changes nothing.
    await retryOnce(() => ArchivedOrder.replaceOne({ _id: order._id }, order, { upsert: true }));
    await retryOnce(() => Order.deleteOne({ _id: order._id }));
    return { statusCode: 204 };
  } catch (error) {
    // Each one takes notice of its own failures only.
    for (const connection of [shop, archive]) connection.reportFailure(error);
    throw error;
  }
}

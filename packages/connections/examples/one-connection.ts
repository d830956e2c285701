import {
  containerOptions,
  deadlineIn,
  isUnavailable,
  manageConnection,
} from '@manystore/connections';
import mongoose, { Schema } from 'mongoose';

// Create indexes when you deploy, not in a request. Let commands fail without a connection instead of queueing them.
mongoose.set({ autoCreate: false, autoIndex: false, bufferCommands: false });

const uri = process.env.MONGODB_URI ?? '';
const Product = mongoose.model('Product', new Schema({ name: String }));

const shop = manageConnection({
  connection: () => mongoose.connection,
  connect: () => mongoose.connect(uri, containerOptions(uri, { maxPoolSize: 5 })),
  onEvent: (event, error) => console.info(`shop.${event}`, error ?? ''),
});

interface Context {
  getRemainingTimeInMillis(): number;
}

export async function handler({ name }: { name: string }, context: Context) {
  // Leave time to respond.
  using deadline = deadlineIn(context.getRemainingTimeInMillis() - 500);
  try {
    await shop.open(deadline.signal);
    const products = await Product.find({ name }, null, { signal: deadline.signal }).lean();
    return { statusCode: 200, body: JSON.stringify(products) };
  } catch (error) {
    shop.reportFailure(error);
    if (error !== deadline.signal.reason && !isUnavailable(error)) throw error;
    return { statusCode: 503, headers: { 'retry-after': '1' } };
  }
}

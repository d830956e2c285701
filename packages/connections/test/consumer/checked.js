// JavaScript that tsc checks against the types of the installed package.
import { deadlineIn, manageConnection, timeLeft } from '@manystore/connections';
import mongoose from 'mongoose';

/** @type {import('@manystore/connections').ManagedConnection} */
const orders = manageConnection({
  connection: () => mongoose.createConnection(),
  connect: (connection) => connection.openUri('mongodb://localhost/'),
});

export async function ping() {
  const deadline = deadlineIn(1_000);
  await orders.ping(deadline.signal);
  // @ts-expect-error It takes milliseconds.
  deadlineIn('1 s');
  return timeLeft(deadline.signal).toFixed();
}

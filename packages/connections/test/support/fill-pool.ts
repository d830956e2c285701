import type { Connection } from 'mongoose';

/** Runs commands concurrently until the pool has `size` sockets. */
export async function fillPool(connection: Connection, size: number): Promise<void> {
  let created = 0;
  const count = () => {
    created += 1;
  };
  const ping = async () => connection.db?.command({ ping: 1 });
  connection.getClient().on('connectionReady', count);
  while (created < size - 1) await Promise.all(Array.from({ length: size * 4 }, ping));
  connection.getClient().off('connectionReady', count);
}

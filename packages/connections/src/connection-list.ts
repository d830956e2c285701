import type { Connection } from 'mongoose';

/** The array `mongoose.connections`. */
const listOf = (connection: Connection): unknown[] =>
  (connection as unknown as { base?: { connections?: unknown[] } }).base?.connections ?? [];

/**
 * Removes a connection from `mongoose.connections`, where mongoose keeps every result of `createConnection()` even
 * after it is closed. The first element is the default connection, which stays.
 */
export function delist(connection: Connection): void {
  const connections = listOf(connection);
  const index = connections.indexOf(connection);
  if (index > 0) connections.splice(index, 1);
}

/** Adds a connection to `mongoose.connections`, unless it is there. */
export function enlist(connection: Connection): void {
  const connections = listOf(connection);
  if (!connections.includes(connection)) connections.push(connection);
}

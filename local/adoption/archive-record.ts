import { mongo } from 'mongoose';
import { ingestBody } from '#lib/archive/schema.ts';
import { faultsOf, inWords } from '#lib/http/faults.ts';

/** A record for ingest-archive as JSON, or why there is none. */
export type ArchiveRecord = { json: string } | { fault: string };

/** Returns the record of an old document with all its members, validated as ingest-archive validates it. */
export function recordFrom(document: mongo.Document): ArchiveRecord {
  const record = plain(document);
  const { error } = ingestBody.safeParse([record]);
  return error ? { fault: inWords(faultsOf('body', error)) } : { json: JSON.stringify(record) };
}

/**
 * Converts a BSON value to JSON: an ObjectId to its hexadecimal digits, a date to ISO 8601, binary data to Base64, and a
 * number that JSON does not have to text.
 */
function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof mongo.ObjectId) return value.toHexString();
  if (value instanceof mongo.Binary) return value.toString('base64');
  // Another class of BSON, such as Decimal128.
  if (Object.getPrototypeOf(value) !== Object.prototype) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

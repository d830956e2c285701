import type { Binary, Decimal128, Double, ObjectId, Timestamp } from 'bson';
import { describe, rank, rankOf, utf8Unit } from './compare.ts';
import { doubleKey, numberKey } from './number-key.ts';

const end = '\0';

// Only characters that sort differently in UTF-8, or that would terminate the key, must be escaped.
const special = /[\0\ud800-\uffff]/;

function stringKey(text: string): string {
  if (!special.test(text)) return text + end;
  let key = '';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    key += unit === 0 ? '\0\uffff' : String.fromCharCode(utf8Unit(unit));
  }
  return key + end;
}

function binaryKey(value: Binary): string {
  const size = value.position;
  return (
    String.fromCharCode(size >>> 16, size & 0xffff, value.sub_type) +
    Buffer.from(value.value()).toString('latin1')
  );
}

function payload(value: unknown, kind: number): string {
  switch (kind) {
    case rank.number:
      return numberKey(value as number | bigint | Double | Decimal128);
    case rank.string:
      return stringKey(value as string);
    case rank.object: {
      let key = '';
      for (const [name, item] of Object.entries(value as object)) {
        const itemKind = rankOf(item);
        key += String.fromCharCode(itemKind) + stringKey(name) + payload(item, itemKind);
      }
      return key + end;
    }
    case rank.array:
      return (value as unknown[]).map(sortKey).join('') + end;
    case rank.binary:
      return binaryKey(value as Binary);
    case rank.objectId:
      return Buffer.from((value as ObjectId).id).toString('latin1');
    case rank.boolean:
      return value ? '\u0002' : '\u0001';
    case rank.date:
      return doubleKey((value as Date).getTime());
    case rank.timestamp:
      return (value as Timestamp).toBigInt().toString(16).padStart(16, '0');
    case rank.null:
    case rank.minKey:
    case rank.maxKey:
      return '';
    default:
      return stringKey(describe(value));
  }
}

/**
 * Returns the sort key of a value: a string that compares (`<`) in MongoDB's order, and is equal (`===`)
 * for equal values, so 2, 2.0 and an int64 2 have the same key. No key is a prefix of another, so the
 * keys of several fields can be concatenated.
 *
 * @param value a value of a view; `undefined` counts as null
 */
export function sortKey(value: unknown): string {
  const kind = rankOf(value);
  return String.fromCharCode(kind) + payload(value, kind);
}

/** The key of an empty array, which sorts below null in an index. */
export const emptyKey = String.fromCharCode(rank.empty);

/**
 * Returns the key for descending order.
 *
 * @param key a result of `sortKey`
 */
export function descending(key: string): string {
  let inverted = '';
  for (let i = 0; i < key.length; i++) inverted += String.fromCharCode(0xffff - key.charCodeAt(i));
  return inverted;
}

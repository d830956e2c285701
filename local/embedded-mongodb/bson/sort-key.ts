import { type Binary, Decimal128, type ObjectId, type Timestamp } from 'bson';
import { describe, numeric, rank, rankOf, utf8Unit } from './compare.ts';

const double = new Float64Array(1);
const units = new Uint16Array(double.buffer);
const end = '\0';

/** Eight bytes of a double as four code units whose order is the order of the numbers. */
function doubleKey(value: number): string {
  double[0] = value === 0 ? 0 : value;
  const [d = 0, c = 0, b = 0, a = 0] = units;
  return a & 0x8000
    ? String.fromCharCode(a ^ 0xffff, b ^ 0xffff, c ^ 0xffff, d ^ 0xffff)
    : String.fromCharCode(a | 0x8000, b, c, d);
}

/** A double, and how far an int64 that it cannot hold lies from it. */
function numberKey(value: number | bigint): string {
  if (typeof value === 'number') {
    return Number.isNaN(value) ? '\0\0\0\0\u8000' : `${doubleKey(value)}\u8000`;
  }
  const near = Number(value);
  return doubleKey(near) + String.fromCharCode(0x8000 + Number(value - BigInt(near)));
}

// Only what UTF-8 orders otherwise, or what would end the string early, has to be rewritten.
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
      return numberKey(value instanceof Decimal128 ? numeric(value) : (value as number | bigint));
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
 * A string that stands for a value: `<` on two of them is MongoDB's order of the values, `===` its
 * equality (so 2, 2.0 and an int64 2 share one), and none is the beginning of another, so that
 * the keys of several fields may be joined.
 *
 * @param value a value of a view; `undefined` counts as null
 */
export function sortKey(value: unknown): string {
  const kind = rankOf(value);
  return String.fromCharCode(kind) + payload(value, kind);
}

/** The key of an empty array, which an index files below null. */
export const emptyKey = String.fromCharCode(rank.empty);

/**
 * The same key for descending order.
 *
 * @param key what sortKey returned
 */
export function descending(key: string): string {
  let inverted = '';
  for (let i = 0; i < key.length; i++) inverted += String.fromCharCode(0xffff - key.charCodeAt(i));
  return inverted;
}

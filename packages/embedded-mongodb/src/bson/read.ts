import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import type { BsonDocument, BsonValue, View } from './values.ts';
import { plainRegex, put, typedDouble } from './values.ts';

/** Thrown for bytes that are not valid BSON. The connection they came from cannot be used any further. */
export class MalformedBson extends Error {
  override readonly name = 'MalformedBson';
}

const deepest = 200;

/** Reads one document sequentially, and checks every length against the available bytes. */
class Reader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#at = 0;
  }

  exact(depth = 0): BsonDocument {
    const document: BsonDocument = new Map();
    this.#each(depth, (key, type) => {
      document.set(key, this.#value(type, depth, true) as BsonValue);
    });
    return document;
  }

  view(depth = 0): View {
    const document: View = {};
    this.#each(depth, (key, type) => put(document, key, this.#value(type, depth, false)));
    return document;
  }

  #array(depth: number, exact: boolean): unknown[] {
    const items: unknown[] = [];
    this.#each(depth, (_key, type) => items.push(this.#value(type, depth, exact)));
    return items;
  }

  #each(depth: number, visit: (key: string, type: number) => void): void {
    if (depth > deepest) throw new MalformedBson('nested too deeply');
    const start = this.#at;
    const size = this.#int32();
    const end = start + size - 1;
    if (size < 5 || end >= this.#bytes.length || this.#bytes[end] !== 0) {
      throw new MalformedBson('bad document length');
    }
    while (this.#at < end) {
      const type = this.#bytes[this.#at++] ?? 0;
      visit(this.#cstring(), type);
    }
    if (this.#at !== end) throw new MalformedBson('document overruns its length');
    this.#at += 1;
  }

  #value(type: number, depth: number, exact: boolean): unknown {
    switch (type) {
      case 0x01: {
        const value = this.#bytes.readDoubleLE(this.#skip(8));
        return exact ? new Double(value) : typedDouble(value);
      }
      case 0x02:
        return this.#string();
      case 0x03:
        return exact ? this.exact(depth + 1) : this.view(depth + 1);
      case 0x04:
        return this.#array(depth + 1, exact);
      case 0x05:
        return this.#binary();
      case 0x06:
        return exact ? undefined : null;
      case 0x07:
        return new ObjectId(Uint8Array.from(this.#slice(12)));
      case 0x08:
        return this.#slice(1)[0] === 1;
      case 0x09:
        return new Date(Number(this.#int64()));
      case 0x0a:
        return null;
      case 0x0b: {
        const [pattern, options] = [this.#cstring(), this.#cstring()];
        return exact ? new BSONRegExp(pattern, options) : plainRegex(pattern, options);
      }
      case 0x0c: {
        const collection = this.#string();
        return new DBRef(collection, new ObjectId(Uint8Array.from(this.#slice(12))));
      }
      case 0x0d:
        return new Code(this.#string());
      case 0x0e: {
        const symbol = this.#string();
        return exact ? new BSONSymbol(symbol) : symbol;
      }
      case 0x0f: {
        this.#int32();
        const source = this.#string();
        return new Code(source, this.view(depth + 1));
      }
      case 0x10:
        return this.#int32();
      case 0x11:
        return new Timestamp(Long.fromBigInt(this.#int64(), true));
      case 0x12:
        return this.#int64();
      case 0x13:
        return new Decimal128(Uint8Array.from(this.#slice(16)));
      case 0xff:
        return new MinKey();
      case 0x7f:
        return new MaxKey();
      default:
        throw new MalformedBson(`unknown BSON type ${type}`);
    }
  }

  #skip(size: number): number {
    const at = this.#at;
    if (size < 0 || at + size > this.#bytes.length) throw new MalformedBson('truncated value');
    this.#at = at + size;
    return at;
  }

  #slice(size: number): Buffer {
    const at = this.#skip(size);
    return this.#bytes.subarray(at, at + size);
  }

  #int32(): number {
    return this.#bytes.readInt32LE(this.#skip(4));
  }

  #int64(): bigint {
    return this.#bytes.readBigInt64LE(this.#skip(8));
  }

  #cstring(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end < 0) throw new MalformedBson('unterminated name');
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end + 1;
    return text;
  }

  #string(): string {
    const size = this.#int32();
    if (size < 1) throw new MalformedBson('bad string length');
    const at = this.#skip(size);
    if (this.#bytes[at + size - 1] !== 0) throw new MalformedBson('unterminated string');
    return this.#bytes.toString('utf8', at, at + size - 1);
  }

  #binary(): Binary {
    const size = this.#int32();
    const subtype = this.#slice(1)[0] ?? 0;
    if (subtype !== Binary.SUBTYPE_BYTE_ARRAY) {
      return new Binary(Uint8Array.from(this.#slice(size)), subtype);
    }
    // The old subtype repeats the length inside the data.
    const inner = this.#int32();
    if (inner !== size - 4) throw new MalformedBson('bad binary length');
    return new Binary(Uint8Array.from(this.#slice(inner)), subtype);
  }
}

function whole(bytes: Buffer): Buffer {
  if (bytes.length < 5 || bytes.readInt32LE(0) !== bytes.length) {
    throw new MalformedBson('bad document length');
  }
  return bytes;
}

/**
 * Decodes a document to exact values.
 *
 * @param bytes one complete BSON document
 * @throws MalformedBson
 */
export function readExact(bytes: Buffer): BsonDocument {
  return new Reader(whole(bytes)).exact();
}

/**
 * Decodes a document directly to its typed view.
 *
 * @param bytes one complete BSON document
 * @throws MalformedBson
 */
export function readView(bytes: Buffer): View {
  return new Reader(whole(bytes)).view();
}

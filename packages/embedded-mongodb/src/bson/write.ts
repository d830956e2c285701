import { BSON, BSONRegExp, Decimal128, Double, Int32, Long, ObjectId, Timestamp } from 'bson';
import { Output } from './output.ts';

/** An encoded document, which is copied into another one unchanged. */
export class RawDocument {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

function writeDocument(output: Output, entries: Iterable<readonly [string, unknown]>): void {
  const start = output.reserve();
  for (const [key, value] of entries) writeElement(output, key, value);
  output.byte(0);
  output.fill(start, output.position - start);
}

function head(output: Output, type: number, key: string): void {
  output.byte(type);
  output.cstring(key);
}

function writeElement(output: Output, key: string, value: unknown): void {
  switch (typeof value) {
    case 'undefined':
      // An expression omitted the field. BSON's deprecated `undefined` is not written.
      break;
    case 'string':
      writeString(output, key, value);
      break;
    case 'boolean':
      head(output, 0x08, key);
      output.byte(value ? 1 : 0);
      break;
    case 'number':
      writeNumber(output, key, value);
      break;
    case 'bigint':
      head(output, 0x12, key);
      output.int64(value);
      break;
    case 'object':
      writeObject(output, key, value);
      break;
    default:
      throw new TypeError(`cannot store a ${typeof value}`);
  }
}

function writeString(output: Output, key: string, value: string): void {
  head(output, 0x02, key);
  const at = output.reserve();
  output.cstring(value);
  output.fill(at, output.position - at - 4);
}

function writeNumber(output: Output, key: string, value: number): void {
  if (value === (value | 0) && !Object.is(value, -0)) {
    head(output, 0x10, key);
    output.int32(value);
  } else {
    writeDouble(output, key, value);
  }
}

function writeDouble(output: Output, key: string, value: number): void {
  head(output, 0x01, key);
  output.double(value);
}

function writeRegex(output: Output, key: string, pattern: string, options: string): void {
  head(output, 0x0b, key);
  output.cstring(pattern);
  output.cstring(options);
}

function writeObject(output: Output, key: string, value: object | null): void {
  if (value === null) {
    head(output, 0x0a, key);
  } else if (value instanceof RawDocument) {
    head(output, 0x03, key);
    output.copy(value.bytes);
  } else if (value instanceof Map) {
    head(output, 0x03, key);
    writeDocument(output, value);
  } else if (Array.isArray(value)) {
    head(output, 0x04, key);
    writeDocument(
      output,
      value.map((item, index) => [String(index), item ?? null] as const),
    );
  } else if (value instanceof Date) {
    head(output, 0x09, key);
    output.int64(BigInt(value.getTime()));
  } else if (value instanceof RegExp) {
    writeRegex(output, key, value.source, value.flags.replace(/[^ims]/g, ''));
  } else if ('_bsontype' in value && typeof value._bsontype === 'string') {
    writeSpecial(output, key, value);
  } else {
    head(output, 0x03, key);
    writeDocument(output, Object.entries(value));
  }
}

function writeSpecial(output: Output, key: string, value: object): void {
  if (value instanceof Double) {
    writeDouble(output, key, value.value);
  } else if (value instanceof Int32) {
    writeNumber(output, key, value.value);
  } else if (value instanceof ObjectId) {
    head(output, 0x07, key);
    output.copy(value.id);
  } else if (value instanceof Decimal128) {
    head(output, 0x13, key);
    output.copy(value.bytes);
  } else if (value instanceof Timestamp || value instanceof Long) {
    head(output, value instanceof Timestamp ? 0x11 : 0x12, key);
    output.int64(value.toBigInt());
  } else if (value instanceof BSONRegExp) {
    writeRegex(output, key, value.pattern, value.options);
  } else {
    // Rare types: bson encodes a document with only this field, and its bytes are copied from there.
    output.copy(BSON.serialize({ [key]: value }).subarray(4, -1));
  }
}

/**
 * Encodes a document.
 *
 * @param document an exact document or a plain object; values may be exact, plain or RawDocument.
 *   A `number` becomes an int32 if it fits, otherwise a double.
 * @returns its BSON bytes
 */
export function write(document: ReadonlyMap<string, unknown> | object): Buffer {
  const output = new Output();
  writeDocument(output, document instanceof Map ? document : Object.entries(document));
  return output.finish();
}

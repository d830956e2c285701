import type * as z from 'zod/mini';
import { plainTest } from '../http/lines.ts';

/** The result of a quick reader for a value that only the schema can validate. */
export const UNSURE = Symbol('unsure');

type Reader = (value: unknown) => unknown;
type Schema = z.core.$ZodType;
type Json = Record<string, unknown>;

/**
 * A quick way through a schema, for files of thousands of values most of which are right: it takes a third of
 * the schema's time. What it reads, it reads as the schema does, but leaves out members that are undefined.
 * It returns `UNSURE` for a value that is invalid or unusual, which the schema must validate.
 *
 * It is built from the schema's definition, so no rule is written twice. For a kind of schema that it does not know, it always
 * returns `UNSURE`.
 *
 * @param options.ignoreNulls whether it reads optional members that are null as if they were missing: a merge patch for a new value
 *   removes them
 */
export const quickReader = <T extends Schema>(
  schema: T,
  { ignoreNulls = false }: { ignoreNulls?: boolean } = {},
): ((value: unknown) => z.core.output<T> | typeof UNSURE) =>
  readerOf(schema, ignoreNulls ? isNullish : isUndefined) as never;

/** Whether a member counts as missing. */
type IsMissing = (value: unknown) => boolean;
const isUndefined: IsMissing = (value) => value === undefined;
const isNullish: IsMissing = (value) => value === undefined || value === null;

function readerOf(schema: Schema, isMissing: IsMissing): Reader {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const read = ofKind(schema, isMissing);
  const checks = (def.checks ?? []).map(passes);
  if (checks.length === 0) return read;
  const isPlain = plainTest(schema);
  return (value) => {
    if (isPlain && typeof value === 'string' && isPlain(value)) return value;
    const result = read(value);
    if (result === UNSURE) return UNSURE;
    for (const isPassed of checks) if (!isPassed(result)) return UNSURE;
    return result;
  };
}

const unsure: Reader = () => UNSURE;

function ofKind(schema: Schema, isMissing: IsMissing): Reader {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
      if ('coerce' in def && def.coerce) return unsure;
      // A schema such as a currency's is its own check.
      return ofText('check' in def ? passes(schema as never) : () => true);
    case 'number':
      if (!('format' in def && def.format === 'safeint') || def.coerce) return unsure;
      return (value) => (Number.isSafeInteger(value) ? value : UNSURE);
    case 'enum': {
      const values = new Set<unknown>(Object.values(def.entries));
      return (value) => (values.has(value) ? value : UNSURE);
    }
    case 'optional': {
      // An inner schema with a default must see undefined first.
      if (def.innerType._zod.optin) return unsure;
      const read = readerOf(def.innerType, isMissing);
      return (value) => (isMissing(value) ? undefined : read(value));
    }
    case 'default': {
      const read = readerOf(def.innerType, isMissing);
      // Its getter makes a new one each time.
      return (value) => (isMissing(value) ? def.defaultValue : read(value));
    }
    case 'array':
      return ofArray(readerOf(def.element, isMissing));
    case 'record':
      // With a list of names, each of them must be there.
      if (def.keyType._zod.values) return unsure;
      return ofRecord(
        readerOf(def.keyType, isMissing),
        readerOf(def.valueType, isMissing),
        isMissing,
      );
    case 'object': {
      const { catchall } = def;
      const isStrict = (catchall as z.core.$ZodTypes | undefined)?._zod.def.type === 'never';
      return isStrict ? ofStrictObject(def.shape, isMissing) : unsure;
    }
    default:
      return unsure;
  }
}

const ofText =
  (isPassed: (value: unknown) => boolean): Reader =>
  (value) =>
    typeof value === 'string' && isPassed(value) ? value : UNSURE;

/** Elements that would be changed are left to the schema: an array that is taken is the array itself. */
const ofArray =
  (read: Reader): Reader =>
  (value) => {
    if (!Array.isArray(value)) return UNSURE;
    for (let at = 0; at < value.length; at++) if (read(value[at]) !== value[at]) return UNSURE;
    return value;
  };

const ofRecord =
  (readName: Reader, read: Reader, isMissing: IsMissing): Reader =>
  (value) => {
    if (!isPlainObject(value)) return UNSURE;
    let hasMissing = false;
    for (const name in value) {
      if (name === '__proto__') return UNSURE;
      if (value[name] === null && isMissing(null)) {
        hasMissing = true;
        continue;
      }
      if (readName(name) !== name || read(value[name]) !== value[name]) return UNSURE;
    }
    return hasMissing ? withoutNulls(value) : value;
  };

function withoutNulls(value: Json): Json {
  const rest: Json = {};
  for (const name in value) if (value[name] !== null) rest[name] = value[name];
  return rest;
}

function ofStrictObject(shape: Record<string, Schema>, isMissing: IsMissing): Reader {
  const members = Object.entries(shape).map(([name, schema]) => ({
    name,
    read: readerOf(schema, isMissing),
  }));
  return (value) => {
    if (!isPlainObject(value)) return UNSURE;
    let unknown = 0;
    for (const _ in value) unknown++;
    const result: Json = {};
    for (const { name, read } of members) {
      if (name in value) unknown--;
      const member = read(value[name]);
      if (member === UNSURE) return UNSURE;
      if (member !== undefined) result[name] = member;
    }
    return unknown === 0 ? result : UNSURE;
  };
}

const isPlainObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

type AnyCheck = z.core.$ZodChecks | { _zod: { def: z.core.$ZodCustomDef } };

/**
 * Whether a value passes a check of a schema, as a function of a value of the schema's type. It says no also
 * where the check would change the value, or is of a kind that is not known here.
 */
function passes(check: z.core.$ZodCheck): (value: unknown) => boolean {
  const { def } = (check as AnyCheck)._zod;
  switch (def.check) {
    case 'max_length':
      return (value) => (value as string | unknown[]).length <= def.maximum;
    case 'greater_than':
      return (value) =>
        (value as number) > (def.value as number) || (def.inclusive && value === def.value);
    case 'less_than':
      return (value) =>
        (value as number) < (def.value as number) || (def.inclusive && value === def.value);
    case 'string_format': {
      // Other formats look at more than their pattern.
      const { format, pattern } = def;
      const isPattern = format === 'regex' || format === 'currency_code';
      if (!isPattern || !pattern || pattern.global || pattern.sticky) return () => false;
      return (value) => pattern.test(value as string);
    }
    case 'overwrite':
      return (value) => Object.is(def.tx(value), value);
    case 'custom':
      return (value) => def.fn(value as never) === true;
    default:
      return () => false;
  }
}

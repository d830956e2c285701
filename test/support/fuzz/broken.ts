import { gzipSync } from 'node:zlib';
import type { TestCaller } from '../gateway.ts';
import type { Dice } from './dice.ts';

/** A request before it becomes an event. The body is a value to be sent as JSON, text, or bytes. */
export interface Draft {
  path: Record<string, string>;
  query: Record<string, string>;
  headers: Record<string, string>;
  body?: unknown;
  caller: TestCaller | null;
}

const own = (name: string, value: unknown) =>
  Object.defineProperty({}, name, { value, enumerable: true });

/** Replacements for a member. */
const ODD_VALUES: readonly unknown[] = [
  ...[null, true, [], {}, '', ' ', 0, -0, -1, 0.5, 1e308, 2 ** 53, -(2 ** 53), 1e-300],
  ...[{ $gt: '' }, { $ne: null }, { $where: 'sleep(1)' }, { $regex: '.*' }, [{ $set: { a: 1 } }]],
  ...['$where', '{"$gt":""}', "'; drop", '(a+)+$', '.*', '../../etc', '%00', '*', '[*]'],
  ...[
    '\0',
    '\u0001',
    '\ud800',
    '\ufeffx',
    '\u202ex',
    '𝕏',
    'ﷺ'.repeat(50),
    'a\u0315\u0300'.repeat(90),
  ],
  ...['x'.repeat(300), 'x'.repeat(6_000), Array(200).fill('x'), { $oid: '0'.repeat(24) }],
  own('__proto__', { polluted: 1 }),
  { constructor: { prototype: { polluted: 1 } } },
  { _bsontype: 'ObjectId', id: 'x' },
  JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`),
  JSON.parse(`${'{"a":'.repeat(120)}1${'}'.repeat(120)}`),
];
const ODD_NAMES = [
  ...['__proto__', 'constructor', 'prototype', '$where', '$set', 'a.b', '', '_id', 'id', 'store'],
  ...['version', 'terms', 'updatedAt', 'polluted', 'toString', 'n'.repeat(5_000), '\0', '~/'],
];
const ODD_TEXTS = [
  ...['', ' ', ',', 'active,draft', '1,2', '-0', '1e3', '0x10', '٣', '.*', '(a+)+$', '$gt', '..'],
  ...[
    '%2e%2e',
    '%',
    '\0',
    '\ud800',
    '\r\nx: y',
    '*',
    '"',
    'null',
    'ﷺ'.repeat(99),
    'x'.repeat(9_000),
  ],
  ...[
    '9'.repeat(40),
    'W/"1',
    '"a"'.repeat(300),
    ', '.repeat(2_000),
    'e30.AAAA',
    `${'a'.repeat(3_000)}.b`,
  ],
];
const RAW_BODIES: readonly (string | Buffer)[] = [
  ...[
    '',
    '{',
    '}',
    '[',
    '"',
    'null',
    '[]',
    '{}',
    '0',
    '{}{}',
    'sku=1',
    '\ufeff{}',
    '\ufeff\ufeff{}',
    '\0',
  ],
  ...[
    '{"sku":1,"sku":2}',
    '{"by":1,"by":2}',
    '{"__proto__":{"polluted":1}}',
    '{"by":1e400}',
    '{"by":-0}',
  ],
  ...[
    '{"by":9007199254740993}',
    '{"name":"\\ud800"}',
    '<!DOCTYPE x [<!ENTITY y "z">]>',
    'sku\n"',
    ',,\n',
  ],
  `{"name":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  `[{"sku":"x","name":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}]`,
  `sku,name\n${'"a\nx\n",b,c\n'.repeat(30)}`,
  `sku,${'~'.repeat(20_000)}\nx,y\n`,
  Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
  Buffer.from('{"name":"\u00d6"}', 'latin1'),
  Buffer.from([0xed, 0xa0, 0x80]),
  gzipSync('{"by":1}'),
];
const TYPES = [
  ...['application/json', 'text/csv', 'application/x-ndjson', 'application/merge-patch+json', ''],
  ...[
    'text/plain',
    'application/json, application/json',
    'application/json;charset=utf-16',
    'a/b;',
  ],
  ...[
    '__proto__',
    'constructor',
    'multipart/form-data; boundary=x',
    ';',
    'application/json;charset=UTF-8',
  ],
];
const ODD_CLAIMS: readonly unknown[] = [
  ...[
    null,
    '',
    '[]',
    '[*',
    '* *',
    '[* x]',
    7,
    true,
    {},
    { $ne: '' },
    [],
    [1, null, { a: 1 }],
    ['*', 'x'],
  ],
  Array.from({ length: 300 }, (_, n) => `none-${n}`),
  `[${Array.from({ length: 300 }, (_, n) => `none-${n}`).join(' ')}]`,
];

/** Breaks one thing in a request; some of these changes leave it valid. */
export function breakSomething(draft: Draft, dice: Dice): void {
  const { path, query, headers } = draft;
  const pickName = (object: object) => dice.pick(Object.keys(object));
  switch (dice.below(13)) {
    case 0:
    case 1:
    case 2:
    case 3:
      draft.body = changed(draft.body, dice);
      break;
    case 4:
      draft.body = dice.pick(RAW_BODIES);
      break;
    case 5:
      headers['content-type'] = dice.pick(TYPES);
      break;
    case 6:
      headers['content-encoding'] = dice.pick(['gzip', 'br', 'identity', 'gzip, gzip', '']);
      break;
    case 7:
      query[dice.chance(0.5) ? dice.pick(ODD_NAMES) : (pickName(query) ?? 'limit')] =
        dice.pick(ODD_TEXTS);
      break;
    case 8:
      query[
        dice.pick(['store', 'store[$ne]', 'q', 'limit', 'cursor', 'sort', 'status', 'tag', 'from'])
      ] = dice.pick(ODD_TEXTS);
      break;
    case 9: {
      const name = pickName(path);
      if (name) path[name] = dice.pick(ODD_TEXTS);
      break;
    }
    case 10:
      headers[
        dice.pick(['if-match', 'if-none-match', 'idempotency-key', 'accept', 'x-store', 'x-y'])
      ] = dice.pick(ODD_TEXTS);
      break;
    case 11:
      if (dice.chance(0.3)) draft.caller = null;
      else if (dice.chance(0.5)) draft.caller = { ...draft.caller, scopes: [dice.pick(ODD_TEXTS)] };
      else draft.caller = { ...draft.caller, stores: dice.pick(ODD_CLAIMS) };
      break;
    default:
      draft.body = [draft.body, draft.body];
  }
}

/** A body with one member replaced, added, or removed. */
function changed(body: unknown, dice: Dice): unknown {
  if (typeof body === 'string') {
    const at = dice.below(body.length + 1);
    const odd = dice.pick(['"', '\n', ',', "'", '\0', '\ud800', '{', '🎈', '\ufeff', '']);
    return body.slice(0, at) + odd + body.slice(at + dice.below(3));
  }
  if (typeof body !== 'object' || body === null || Buffer.isBuffer(body) || dice.chance(0.1))
    return dice.pick(ODD_VALUES);
  if (Array.isArray(body)) {
    if (body.length === 0) return [dice.pick(ODD_VALUES)];
    return body.with(dice.below(body.length), changed(dice.pick(body), dice));
  }
  const name = dice.pick(Object.keys(body)) ?? 'x';
  const member = Object.getOwnPropertyDescriptor(body, name)?.value;
  const { [name]: _, ...rest } = body as Record<string, unknown>;
  switch (dice.below(5)) {
    case 0:
      return rest;
    case 1:
      return Object.defineProperty({ ...body }, dice.pick(ODD_NAMES), {
        value: dice.pick(ODD_VALUES),
        enumerable: true,
        configurable: true,
      });
    case 2:
      return { ...rest, [name]: [member, member] };
    default:
      return { ...rest, [name]: dice.chance(0.4) ? changed(member, dice) : dice.pick(ODD_VALUES) };
  }
}

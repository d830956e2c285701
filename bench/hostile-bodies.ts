import type { Route } from '#lib/http/contract.ts';

/** A body that costs its function much: the largest of its kind that is accepted, or one that is to be rejected. */
export interface Body {
  name: string;
  /** The function that gets it. */
  to: string;
  route: Route;
  type: string;
  text: string;
  /** The expected status: 200 and 201 are the largest legitimate bodies. */
  status: number;
  key?: string;
}

const KILOBYTE = 1_024;
const FILE = 6_000 * KILOBYTE;
const SMALL = 256 * KILOBYTE;

/** Repeats a text up to a number of bytes of ASCII. */
const fill = (text: string, bytes: number) => text.repeat(Math.floor(bytes / text.length));

/** Joins the texts of 0, 1, 2 and so on, up to a number of bytes, or of texts. */
function series(
  textOf: (n: number) => string,
  { separator = ',', bytes = FILE, count = Number.POSITIVE_INFINITY } = {},
): string {
  const texts: string[] = [];
  let left = bytes;
  for (let n = 0; n < count; n++) {
    const text = textOf(n);
    left -= Buffer.byteLength(text) + separator.length;
    if (left < 100) break;
    texts.push(text);
  }
  return texts.join(separator);
}

const rowOf = (n: number) =>
  `{"sku":"${n.toString(36)}","name":"T","price":{"amount":1,"currency":"EUR"}}`;
const rich = (n: number, members: string) =>
  `{"sku":"${n}","name":"T","price":{"amount":1,"currency":"EUR"},${members}}`;
const TAGS = `"tags":[${series((n) => `"${n}"`, { count: 50 })}]`;
const ATTRIBUTES = `"attributes":{${series((n) => `"${n}":"1"`, { count: 100 })}}`;
const CELLS = Array.from({ length: 1_000 }, (_, n) => `attributes.${n}`);
const WIDE = `sku,name,amount,currency,${CELLS.join()}`;
const ATTRIBUTE_NAMES = Array.from(
  { length: 1_000 },
  (_, n) => `attributes.${String(n).padStart(64, 'n')}`,
);
const LONG_WIDE = `sku,name,amount,currency,${ATTRIBUTE_NAMES.join()}`;

const importOf =
  (type: string) =>
  (name: string, text: string, status: number, key?: string): Body => ({
    name,
    to: 'import-products',
    route: 'POST /stores/{store}/products/import',
    type,
    text,
    status,
    ...(key ? { key } : {}),
  });
const json = importOf('application/json');
const ndjson = importOf('application/x-ndjson');
const csv = importOf('text/csv');
const ingest = (name: string, text: string, status: number): Body => ({
  name,
  to: 'ingest-archive',
  route: 'POST /stores/{store}/archive',
  type: 'application/json',
  text,
  status,
});

const list = (element: string, bytes = FILE) => `[${fill(`${element},`, bytes - 40)}${element}]`;
const within = (text: string) => `[{"sku":"A","x":${text}}]`;
const small = FILE - 100;

const IMPORTS: Body[] = [
  json('JSON, 95,000 rows', `[${series(rowOf, { count: 95_000 })}]`, 200),
  json('JSON, rows of 50 tags', `[${series((n) => rich(n, TAGS))}]`, 200),
  json(
    'JSON, rows of 100 attributes, with a key',
    `[${series((n) => rich(n, ATTRIBUTES))}]`,
    200,
    'k',
  ),
  json(
    'JSON, descriptions of 5,000 Chinese characters',
    `[${series((n) => rich(n, `"description":"${'中'.repeat(5_000)}"`))}]`,
    200,
  ),
  json(
    'JSON, rows that fail',
    `[${series((n) => `{"sku":"${n}","oops":1}`, { count: 100_000 })}]`,
    200,
  ),
  json('JSON, 3,000,000 numbers', list('1'), 400),
  json('JSON, 3,000,000 numbers in a row', within(list('1', small)), 200),
  json(
    'JSON, numbers in a row, one with an exponent',
    within(`[1e10,${list('1', small).slice(1)}`),
    200,
  ),
  json(
    'JSON, empty objects in a row, and an escape',
    within(`["\\u0041",${list('{}', small).slice(1)}`),
    200,
  ),
  json('JSON, 2,000,000 empty objects', list('{}'), 400),
  json(
    'JSON, 500,000 members in a row',
    within(`{${series((n) => `"${n}":1`, { bytes: small })}}`),
    200,
  ),
  json(
    'JSON, rows of 400 unknown members',
    `[${series((n) => `{"sku":"${n}",${series((m) => `"${n}x${m}":0`, { count: 400 })}}`)}]`,
    200,
  ),
  json(
    'JSON, rows of 400 numbers for tags',
    `[${series((n) => `{"sku":"${n}","tags":${list('1', 840)}}`)}]`,
    200,
  ),
  json(
    'JSON, rows of 400 empty objects',
    `[${series((n) => `{"sku":"${n}","tags":${list('{}', 1_240)}}`)}]`,
    200,
  ),
  json('JSON, a string of escapes', `["${fill('\\"', small)}"]`, 200),
  json('JSON, a string of \\u0041', `["${fill('\\u0041', small)}"]`, 200),
  json('JSON, a number of 6 MB', `[${fill('1', small)}]`, 400),
  json('JSON, 3,000,000 levels', `${fill('[', small / 2)}${fill(']', small / 2)}`, 400),
  json('JSON, white space', `[${fill(' ', small)}]`, 200),
  json('JSON, duplicate names', `[{${fill('"a":1,', small)}"a":1}]`, 200),
  ndjson('NDJSON, 95,000 rows', series(rowOf, { separator: '\n', count: 95_000 }), 200),
  ndjson('NDJSON, a line of 3,000,000 numbers', `{"sku":"A","x":${list('1', small)}}`, 200),
  ndjson('NDJSON, 3,000,000 lines', fill('1\n', FILE), 400),
  ndjson('NDJSON, 6,000,000 blank lines', `${fill('\n', small)}1`, 200),
  ndjson('NDJSON, 93,000 lines of no JSON', fill(`${'{"a":'.repeat(13)}\n`, FILE), 200),
  ndjson(
    'NDJSON, lines of 400 unknown members',
    series((n) => `{"sku":"${n}",${series((m) => `"${n}x${m}":0`, { count: 400 })}}`, {
      separator: '\n',
    }),
    200,
  ),
  csv(
    'CSV, 100,000 rows',
    `sku,name,amount,currency\n${series((n) => `${n},Table with legs,12345,EUR`, { separator: '\n', count: 100_000 })}`,
    200,
  ),
  csv(
    'CSV, 100,000 quoted rows',
    `sku,name,amount,currency\n${series((n) => `"${n}","Table, ""big""","12345","EUR"`, { separator: '\n', count: 100_000 })}`,
    200,
  ),
  csv(
    'CSV, 1,000 attribute columns',
    `${WIDE}\n${series((n) => `${n},T,1,EUR${','.repeat(1_000)}`, { separator: '\n', bytes: small - WIDE.length })}`,
    200,
  ),
  csv(
    'CSV, 1,000 long attribute columns, with a key',
    `${LONG_WIDE}\n${series((n) => `${n},T,1,EUR${','.repeat(1_000)}`, { separator: '\n', bytes: small - LONG_WIDE.length })}`,
    200,
    'k',
  ),
  csv(
    'CSV, rows of 1,000 attributes',
    `${WIDE}\n${series((n) => `${n},T,1,EUR${',1'.repeat(1_000)}`, { separator: '\n', bytes: small - WIDE.length })}`,
    200,
  ),
  csv(
    'CSV, a header of 100,000 columns in 201 kB',
    `${fill('a,', 200_000)}a\n${fill('"\n', 1_000)}`,
    400,
  ),
  csv(
    'CSV, a header of 100,000 columns in 210 kB',
    `${fill('a,', 200_000)}a\n${fill('"a\nb"\n', 10_000)}`,
    400,
  ),
  csv('CSV, a header of 3,000,000 columns', fill('a,', FILE), 400),
  csv('CSV, a row of 6,000,000 cells', `sku,name\n${fill(',', small)}`, 200),
  csv('CSV, nested quotes', `sku,name\n${fill('"a\n"b,"c\n', small)}`, 400),
  csv('CSV, nested quotes in many lines', `sku,name\n${fill('"x\n"",\n', small)}`, 400),
  csv('CSV, quotes alone', `sku,name\n${fill('"', small)}`, 200),
  csv('CSV, lines of three quotes', `sku,name\n${fill('"""\n', small)}`, 400),
  csv(
    'CSV, 3,000,000 lines of tags',
    `sku,tags\n${series((n) => `${n},${'|'.repeat(1_000)}`, { separator: '\n', bytes: small })}`,
    200,
  ),
  csv('CSV, carriage returns', `sku,name${fill('\r', small)}`, 200),
  csv('CSV, a header that does not end', `"${fill('a', small)}`, 400),
];

const INGESTS: Body[] = [
  ingest(
    'ingest, 10,000 records of 20 members',
    `[${series(() => `{${series((m) => `"member-${m}":"value"`, { count: 20 })}}`, { count: 10_000 })}]`,
    201,
  ),
  ingest(
    'ingest, 6 records of 1 MB of text',
    `[${series(() => `{"a":"${'a'.repeat(999_000)}"}`)}]`,
    201,
  ),
  ingest(
    'ingest, 40,000 numbers in each of 6 records',
    `[${series(() => `{"a":${list('12', 120_000)}}`, { count: 6 })}]`,
    201,
  ),
  ingest('ingest, 3,000,000 lists', list('[1]'), 400),
  ingest(
    'ingest, small lists in a record',
    `[{"a":${list('[]', 990_000)}},${series(() => `{"a":${list('[]', 990_000)}}`, { count: 5 })}]`,
    400,
  ),
  ingest('ingest, 3,000,000 numbers', list('1'), 400),
  ingest('ingest, 500,000 members', `[{${series((n) => `"${n}":1`, { bytes: small })}}]`, 400),
  ingest('ingest, records of one member each', `[${series((n) => `{"${n}":1}`)}]`, 400),
  ingest('ingest, numbers and an exponent', `{"a":[1e10,${list('1', small).slice(1)}}`, 400),
  ingest('ingest, empty objects and an escape', `{"a":"\\u0041","b":${list('{}', small)}}`, 400),
];

const STORE = 'POST /stores/{store}/products';
const bodyTo =
  (to: string, route: Route, name: string) =>
  (what: string, text: string, status: number): Body => ({
    name: `${name}, ${what}`,
    to,
    route,
    type: 'application/json',
    text,
    status,
  });

/** Bodies of 256 KB that no operation accepts. */
function rejectedBy(to: string, route: Route, name: string, first: string): Body[] {
  const body = bodyTo(to, route, name);
  const bytes = SMALL - 200;
  const member = first ? `${first},` : '';
  return [
    body('numbers', `{${member}"tags":${list('1', bytes)}}`, 400),
    body('lists', `{${member}"stores":${list('[]', bytes)}}`, 400),
    body('unknown members', `{${member}${series((n) => `"${n}":1`, { bytes })}}`, 400),
    body('attributes', `{${member}"attributes":{${series((n) => `"$${n}":1`, { bytes })}}}`, 400),
  ];
}

const product = '"sku":"A","name":"T","price":{"amount":1,"currency":"EUR"}';
const OTHERS: Body[] = [
  bodyTo('create-product', STORE, 'product')(
    'largest',
    rich(
      0,
      `${TAGS},"attributes":{${series((n) => `"${'\u4e2d'.repeat(60)}${n}":"${'\u4e2d'.repeat(500)}"`, { count: 100, bytes: SMALL - 20_000 })}},"description":"${'\u4e2d'.repeat(5_000)}"`,
    ),
    201,
  ),
  ...rejectedBy('create-product', STORE, 'product', product),
  ...rejectedBy(
    'update-product',
    'PATCH /stores/{store}/products/{product}',
    'patch of a product',
    '',
  ),
  bodyTo('publish-product', 'POST /products/{product}/publications', 'publication')(
    '1,000 unknown stores',
    `{"stores":[${series((n) => `"${String(n).padStart(30, 's')}"`, { count: 1_000 })}]}`,
    404,
  ),
  ...rejectedBy('publish-product', 'POST /products/{product}/publications', 'publication', ''),
  bodyTo('publish-product', 'POST /products/{product}/publications', 'publication')(
    'wrong stores',
    `{"stores":[${series((n) => `"S${n}"`, { bytes: SMALL - 200 })}]}`,
    400,
  ),
  ...rejectedBy('transfer-stock', 'POST /transfers', 'transfer', '"from":"a","to":"b"'),
  ...rejectedBy('update-store', 'PATCH /stores/{store}', 'patch of a store', ''),
  ...rejectedBy('adjust-stock', 'POST /stores/{store}/products/{product}/stock', 'stock', '"by":1'),
  ...rejectedBy('create-store', 'POST /stores', 'store', '"id":"x"'),
  ...rejectedBy(
    'restore-product',
    'POST /stores/{store}/archive/{product}/restoration',
    'restoration',
    '',
  ),
];

export const bodies: readonly Body[] = [...IMPORTS, ...INGESTS, ...OTHERS];

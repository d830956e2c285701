import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Contract } from '#lib/http/contract.ts';
import type { Operation } from '#lib/http/operation.ts';
import { formats } from '#lib/products/file-formats.ts';
import { type ProductInput, productInput } from '#lib/products/schema.ts';
import { eventOf, type TestCaller } from '../gateway.ts';
import { breakSomething, type Draft } from './broken.ts';
import type { Dice } from './dice.ts';
import { type Pools, valueFor } from './valid.ts';

type Texts = Record<string, string>;

/** An event for an operation: valid half of the time, or with one to three things broken. */
export function eventFor(
  operation: Operation<Contract>,
  dice: Dice,
  { caller, pools }: { caller: TestCaller; pools: Pools },
): APIGatewayProxyEventV2 {
  const { contract } = operation;
  const draft = validDraft(contract, dice, caller, pools);
  if (dice.chance(0.55)) for (let i = dice.below(3); i >= 0; i--) breakSomething(draft, dice);
  const { body, ...rest } = draft;
  const isRaw = Buffer.isBuffer(body) || (body !== undefined && dice.chance(0.05));
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const event = eventOf(operation, { ...rest, ...(text === undefined ? {} : { body: text }) });
  if (!isRaw) return event;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(text ?? '');
  return { ...event, body: bytes.toString('base64'), isBase64Encoded: true };
}

function validDraft(contract: Contract, dice: Dice, caller: TestCaller, pools: Pools): Draft {
  const texts = (schema: Contract['query']) =>
    schema ? (valueFor(schema, dice, pools) as Texts) : {};
  const draft: Draft = {
    path: pathFor(contract, dice, pools),
    query: texts(contract.query),
    headers: texts(contract.headers),
    caller,
  };
  if (!contract.body || (contract.body.optional && dice.chance(0.4))) return draft;
  draft.body = valueFor(contract.body.schema, dice, pools);
  if (contract.name === 'import-products') importFile(draft, dice, pools);
  return draft;
}

/** The parameters of one of the routes. */
function pathFor({ routes, path }: Contract, dice: Dice, pools: Pools): Texts {
  if (!path) return {};
  const names: string[] = dice.pick(routes).match(/(?<=\{)\w+/g) ?? [];
  const values = valueFor(path, dice, pools) as Texts;
  const chosen = Object.fromEntries(
    names.map((name) => [name, values[name] ?? dice.pick(pools[name] as string[])]),
  );
  // A product exists only in one place, so it is mostly requested there.
  if (!names.includes('product') || dice.chance(0.2)) return chosen;
  const [store, product = ''] = dice
    .pick(pools[names.length > 1 ? 'pair' : 'head'] ?? [])
    .split('/');
  return { ...chosen, ...(names.length > 1 ? { store } : {}), product } as Texts;
}

/** A file in one of the formats that an import takes. */
function importFile(draft: Draft, dice: Dice, pools: Pools): void {
  const rows = Array.from(
    { length: dice.below(5) },
    () => valueFor(productInput, dice, pools) as ProductInput,
  );
  const type = dice.pick(['application/json', 'application/x-ndjson', 'text/csv']);
  draft.headers['content-type'] = type;
  const whole = rows.map((row) => ({
    ...row,
    tags: row.tags ?? [],
    stock: row.stock ?? 0,
    status: row.status ?? ('active' as const),
    attributes: row.attributes ?? {},
  }));
  if (type === 'application/json') draft.body = rows;
  else draft.body = formats[type === 'text/csv' ? 'csv' : 'ndjson'].write(whole);
}

import {
  abortable,
  DeadlineExceeded,
  duplicateKeyFields,
  isUnavailable,
  retryOnce,
} from '@manystore/connections';
import { type Model, mongo } from 'mongoose';
import { describeError, log } from '../runtime/log.ts';
import { compareIndexes, describeIndex, type Index } from './comparison.ts';
import type { RollOutInput } from './schema.ts';

/** The indexes of a database that were created and dropped, or would be, and why others could not be created. */
export interface Alignment {
  create: string[];
  drop: string[];
  reasons: string[];
}

/** Building an index on a large collection may take as long as the longest invocation. */
const MAX_BUILD_MS = 290_000;

/**
 * Creates the indexes that collections lack compared with their schemas, and optionally drops the others; in the mode
 * `plan`, only reports the differences. An index that cannot be created does not prevent the creation of others, but
 * no index of its collection is dropped then, unless another index replaces it.
 *
 * @param beforeCreate is called before each index is created. An error that it throws ends the work
 * @throws the driver's error when the server is unavailable, or {@link DeadlineExceeded}; the work is then incomplete
 */
export async function alignIndexes(
  models: Model<never>[],
  { mode, drop }: Pick<RollOutInput, 'mode' | 'drop'>,
  signal: AbortSignal,
  beforeCreate: () => Promise<void> = async () => {},
): Promise<Alignment> {
  const done: Alignment = { create: [], drop: [], reasons: [] };
  for (const model of models) {
    const { missing, surplus } = await compareIndexes(model, signal);
    if (mode === 'plan') {
      done.create.push(...missing.map(describeIndex));
      done.drop.push(...surplus.map(describeIndex));
      continue;
    }
    let isComplete = true;
    for (const index of missing) {
      await beforeCreate();
      const namesake = surplus.find(({ name }) => name === index.name);
      const reason =
        namesake && !drop
          ? 'an index with this name exists with different options; allow dropping (--drop) to replace it'
          : await replaceIndex(model, { index, namesake }, signal);
      if (reason) done.reasons.push(`${describeIndex(index)}: ${reason}`);
      else done.create.push(describeIndex(index));
      if (!reason && namesake) done.drop.push(describeIndex(namesake));
      isComplete &&= !reason;
    }
    if (!drop || !isComplete) continue;
    const replaced = new Set(missing.map(({ name }) => name));
    for (const index of surplus.filter(({ name }) => !replaced.has(name))) {
      await dropIndex(model, index, signal);
      done.drop.push(describeIndex(index));
    }
  }
  return done;
}

/**
 * Creates an index, after dropping an index of the same name, which is created again if this fails.
 *
 * @returns why the index could not be created; undefined if it was
 */
async function replaceIndex(
  model: Model<never>,
  { index, namesake }: { index: Index; namesake: Index | undefined },
  signal: AbortSignal,
): Promise<string | undefined> {
  if (namesake) await dropIndex(model, namesake, signal);
  try {
    await createIndex(model, index, signal);
    return undefined;
  } catch (error) {
    if (isUnavailable(error) || error instanceof DeadlineExceeded) throw error;
    if (namesake) await createIndex(model, namesake, signal);
    log.warn('index.failed', { index: index.name, error: describeError(error) });
    return reasonFor(index, error);
  }
}

async function createIndex(
  { collection }: Model<never>,
  { key, name, options }: Index,
  signal: AbortSignal,
): Promise<void> {
  const all = { ...options, name, socketTimeoutMS: MAX_BUILD_MS };
  const created = retryOnce(() => collection.createIndex(key as mongo.IndexSpecification, all));
  await abortable(created, signal);
}

/** Drops an index. It succeeds if the index does not exist, which happens in a retry after a lost response. */
async function dropIndex(
  { collection }: Model<never>,
  { name }: Index,
  signal: AbortSignal,
): Promise<void> {
  try {
    await abortable(
      retryOnce(() => collection.dropIndex(name)),
      signal,
    );
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError && error.code === 27)) throw error;
  }
}

const CONFLICTS = new Set<unknown>([85, 86]);

/** Returns why an index cannot be created, for the operator. */
function reasonFor({ key }: Index, error: unknown): string {
  if (duplicateKeyFields(error))
    return `documents have duplicate values for ${Object.keys(key).join(' and ')}`;
  if (error instanceof mongo.MongoServerError && CONFLICTS.has(error.code))
    return 'an index on the same fields exists with different options or another name';
  return 'the server rejected the index; see the log';
}

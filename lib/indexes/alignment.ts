import {
  abortable,
  DeadlineExceeded,
  duplicateKeyFields,
  isUnavailable,
  retryOnce,
} from '@manystore/connections';
import { type Model, mongo } from 'mongoose';
import { describeError, log } from '../runtime/log.ts';
import { compareIndexes, type Index, wordsFor } from './comparison.ts';
import type { RollOutInput } from './schema.ts';

/** What became of a place, or would: indexes in words, and why some could not be made. */
export interface Alignment {
  create: string[];
  drop: string[];
  reasons: string[];
}

/** An index of a large collection takes its time: as long as the longest invocation. */
const MAX_BUILD_MS = 290_000;

/**
 * Makes the indexes of some collections those of their schemas, or tells what it would do. What can be made is
 * made, whatever else cannot; where something cannot be made, nothing is dropped.
 *
 * @param requireWanted is asked before each index that is made. What it throws ends the work
 * @throws what the driver throws when the server is away, or {@link DeadlineExceeded}: the rest is left undone
 */
export async function alignIndexes(
  models: Model<never>[],
  { mode, drop }: Pick<RollOutInput, 'mode' | 'drop'>,
  signal: AbortSignal,
  requireWanted: () => Promise<void> = async () => {},
): Promise<Alignment> {
  const done: Alignment = { create: [], drop: [], reasons: [] };
  for (const model of models) {
    const { lacking, surplus } = await compareIndexes(model, signal);
    if (mode === 'plan') {
      done.create.push(...lacking.map(wordsFor));
      done.drop.push(...surplus.map(wordsFor));
      continue;
    }
    let isComplete = true;
    for (const index of lacking) {
      await requireWanted();
      const inItsPlace = surplus.find(({ name }) => name === index.name);
      const reason =
        inItsPlace && !drop
          ? 'an index with this name exists with different options; allow dropping (--drop) to replace it'
          : await replaceIndex(model, { index, inItsPlace }, signal);
      if (reason) done.reasons.push(`${wordsFor(index)}: ${reason}`);
      else done.create.push(wordsFor(index));
      if (!reason && inItsPlace) done.drop.push(wordsFor(inItsPlace));
      isComplete &&= !reason;
    }
    if (!drop || !isComplete) continue;
    const replaced = new Set(lacking.map(({ name }) => name));
    for (const index of surplus.filter(({ name }) => !replaced.has(name))) {
      await dropIndex(model, index, signal);
      done.drop.push(wordsFor(index));
    }
  }
  return done;
}

/** Makes an index, in the place of another if there is one, which comes back if it cannot be made. */
async function replaceIndex(
  model: Model<never>,
  { index, inItsPlace }: { index: Index; inItsPlace: Index | undefined },
  signal: AbortSignal,
): Promise<string | undefined> {
  if (inItsPlace) await dropIndex(model, inItsPlace, signal);
  try {
    await createIndex(model, index, signal);
    return undefined;
  } catch (error) {
    if (isUnavailable(error) || error instanceof DeadlineExceeded) throw error;
    if (inItsPlace) await createIndex(model, inItsPlace, signal);
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
  const made = retryOnce(() => collection.createIndex(key as mongo.IndexSpecification, all));
  await abortable(made, signal);
}

/** Drops an index; one that is gone already is dropped, as after an answer that was lost. */
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

/** Why an index cannot be made, for the person who rolls it out. */
function reasonFor({ key }: Index, error: unknown): string {
  if (duplicateKeyFields(error))
    return `documents have duplicate values for ${Object.keys(key).join(' and ')}`;
  if (error instanceof mongo.MongoServerError && CONFLICTS.has(error.code))
    return 'an index on the same fields exists with different options or another name';
  return 'the server rejected the index; see the log';
}

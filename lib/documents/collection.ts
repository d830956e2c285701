import { isDuplicateKeyBulk, retryOnce } from '@manystore/connections';
import type { Model, mongo, PipelineStage, QueryFilter } from 'mongoose';

/*
 * What every operation on a collection has to remember: to run once more when its connection broke, if a second run
 * changes nothing; to end with the deadline; to belong to the transaction, if there is one; and to leave out the
 * fields that are never needed. Nothing outside of this folder calls the driver or a model directly.
 *
 * `find()`, `findOne()` and `count()` take conditions that come from a request, and go through mongoose: it casts
 * their values, throws for an unknown field, and takes operators only where the code says `trusted()`. All other
 * operations take what the code has made or checked, and go to the driver as they are.
 */

/** Which fields a read returns: named ones with 1, or all but those with 0. */
export type Projection = Readonly<Record<string, 0 | 1>>;

export interface ReadOptions<T> {
  /** The fields that are read besides `_id`. Without it, all fields that are not hidden. */
  fields?: readonly (keyof T & string)[];
  sort?: Readonly<Record<string, 1 | -1>>;
  limit?: number;
  batchSize?: number;
  readPreference?: 'secondaryPreferred';
}

/** An update that has the same effect when it runs twice: it has no `$inc`, `$push` and the like. */
export type RepeatableUpdate = Partial<
  Record<'$set' | '$unset' | '$max' | '$setOnInsert' | '$currentDate', object>
>;

const EVERYTHING: Projection = {};

/** The documents of a collection, for one request: all operations end with its deadline. */
export class Collection<T extends { _id: unknown }> {
  protected readonly model: Model<T>;
  protected readonly signal: AbortSignal;
  protected readonly session: mongo.ClientSession | undefined;

  /**
   * @param signal aborts every operation
   * @param session the transaction that every operation belongs to, if there is one. An operation of a transaction
   *   is never repeated by itself: the transaction is, as a whole
   */
  constructor(model: Model<T>, signal: AbortSignal, session?: mongo.ClientSession) {
    this.model = model;
    this.signal = signal;
    this.session = session;
  }

  /** The fields that are left out of what is read. */
  protected get hidden(): Projection {
    return EVERYTHING;
  }

  /** Returns the same documents in a transaction. */
  within(session: mongo.ClientSession): this {
    const type = this.constructor as new (...parameters: unknown[]) => this;
    return new type(this.model, this.signal, session);
  }

  /** Returns the document with an `_id`, or null. It is the fastest read: mongoose is not involved. */
  findById(_id: T['_id']): Promise<T | null> {
    const { signal, session, hidden: projection } = this;
    const options = session ? { projection, signal, session } : { projection, signal };
    return this.repeatable(
      () => this.driver.findOne({ _id } as never, options) as Promise<T | null>,
    );
  }

  /** Returns the first document that meets the conditions, or null. */
  findOne(conditions: QueryFilter<T>, options: ReadOptions<T> = {}): Promise<T | null> {
    const { fields, ...rest } = options;
    return this.repeatable(
      () =>
        this.model
          .findOne(conditions, this.projectionOf(fields), this.options(rest) as object)
          .lean() as unknown as Promise<T | null>,
    );
  }

  /** Returns all documents that meet the conditions, from the members that the schema's read preference allows. */
  find(conditions: QueryFilter<T>, options: ReadOptions<T> = {}): Promise<T[]> {
    const { fields, ...rest } = options;
    return this.repeatable(
      () =>
        this.model
          .find(conditions, this.projectionOf(fields), this.options(rest) as object)
          .lean() as unknown as Promise<T[]>,
    );
  }

  /** Returns the number of documents that meet the conditions. */
  count(conditions: QueryFilter<T> = {}): Promise<number> {
    return this.repeatable(() =>
      this.model.countDocuments(conditions, this.options({}) as object).exec(),
    );
  }

  /** Returns the documents that have one of some values in a field, in no order, with one command. */
  findIn<Field extends keyof T & string>(
    field: Field,
    values: readonly T[Field][],
    options: Pick<ReadOptions<T>, 'fields' | 'readPreference'> = {},
  ): Promise<T[]> {
    const { fields, ...rest } = options;
    const projection = this.projectionOf(fields);
    // One more than there can be: the server then closes its cursor with the first batch.
    const all = this.options({ ...rest, projection, batchSize: values.length + 1 });
    return this.repeatable(
      () =>
        this.driver
          .find({ [field]: { $in: values } } as never, all)
          .toArray() as Promise<unknown> as Promise<T[]>,
    );
  }

  /**
   * Hands documents to `take` one by one, as they arrive. When the connection breaks, all of it runs again, because
   * the driver does not repeat the reading of a second batch: so `take` starts from nothing each time.
   */
  collect<R>(
    filter: object,
    { fields, ...rest }: ReadOptions<T>,
    take: (documents: AsyncIterable<T>) => Promise<R>,
  ): Promise<R> {
    const options = this.options({ ...rest, projection: this.projectionOf(fields) });
    return this.repeatable(() =>
      take(this.driver.find(filter as never, options) as unknown as AsyncIterable<T>),
    );
  }

  /** Returns what the server makes of the documents. The pipeline must not write. */
  aggregate<R extends mongo.Document>(
    pipeline: readonly PipelineStage[],
    options: mongo.AggregateOptions = {},
  ): Promise<R[]> {
    return this.repeatable(() =>
      this.driver.aggregate<R>([...pipeline], this.options(options)).toArray(),
    );
  }

  /**
   * Inserts a document. It may run twice, because the caller has made its `_id`: if that is taken, the first run
   * arrived. Fields that are undefined are left out.
   *
   * @throws an error of a duplicate key, also when the document itself was there
   */
  async insertOne(document: T): Promise<void> {
    const options = this.options({ ignoreUndefined: true });
    await this.repeatable(() => this.driver.insertOne(document as never, options));
  }

  /**
   * Inserts those documents whose `_id` is not there yet; others stay as they are. It may run twice.
   *
   * @returns how many were inserted, by this run of it
   */
  async insertMissing(documents: readonly T[]): Promise<number> {
    if (documents.length === 0) return 0;
    const operations = documents.map(({ _id, ...fields }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: fields }, upsert: true },
    }));
    try {
      return (await this.bulk(operations)).upsertedCount;
    } catch (error) {
      // Another request inserted some of them at the same moment: those stay.
      if (!isDuplicateKeyBulk(error)) throw error;
      return (error as mongo.MongoBulkWriteError).upsertedCount;
    }
  }

  /**
   * Updates the first document that matches, or inserts one with `upsert`. It may run twice: so the filter must
   * match after the update as well, or it must not matter that the second run finds nothing.
   *
   * @returns whether one matched or was inserted
   */
  async updateOne(
    filter: object,
    update: RepeatableUpdate,
    { upsert = false }: { upsert?: boolean } = {},
  ): Promise<boolean> {
    const options = this.options({ upsert });
    const { matchedCount, upsertedCount } = await this.repeatable(() =>
      this.driver.updateOne(filter as never, update as never, options),
    );
    return matchedCount + upsertedCount > 0;
  }

  /**
   * Does what {@link updateOne} does, under the same condition.
   *
   * @returns the document as it is afterwards; null when none matched
   */
  findOneAndUpdate(
    filter: object,
    update: RepeatableUpdate & { $inc?: { version: 1 } },
    { upsert = false }: { upsert?: boolean } = {},
  ): Promise<T | null> {
    return this.repeatable(() => this.updateOnce(filter, update, { upsert }));
  }

  /** Updates the first document that matches. It never runs twice: it is the place for `$inc`. */
  updateOnce(
    filter: object,
    update: object,
    { upsert = false }: { upsert?: boolean } = {},
  ): Promise<T | null> {
    const projection = this.hidden;
    const options = this.options({ upsert, returnDocument: 'after' as const, projection });
    return this.driver.findOneAndUpdate(
      filter as never,
      update as never,
      options,
    ) as Promise<unknown> as Promise<T | null>;
  }

  /** Updates all documents that match. It may run twice: an `$inc` here must do no harm when it counts twice. */
  async updateMany(filter: object, update: RepeatableUpdate & { $inc?: object }): Promise<void> {
    const options = this.options({});
    await this.repeatable(() => this.driver.updateMany(filter as never, update as never, options));
  }

  /** Deletes all documents that match. It may run twice. */
  async deleteMany(filter: object): Promise<void> {
    const options = this.options({});
    await this.repeatable(() => this.driver.deleteMany(filter as never, options));
  }

  /** Writes in bulk, in no order. It may run twice: so each operation must change nothing the second time. */
  bulk(operations: readonly object[]): Promise<mongo.BulkWriteResult> {
    return this.repeatable(() => this.bulkOnce(operations));
  }

  /** Writes in bulk, in no order. It never runs twice. */
  bulkOnce(operations: readonly object[]): Promise<mongo.BulkWriteResult> {
    const options = this.options({ ordered: false });
    return this.driver.bulkWrite(operations as never, options);
  }

  /** The driver's operations. */
  protected get driver(): mongo.Collection<mongo.Document> {
    return this.model.collection as unknown as mongo.Collection<mongo.Document>;
  }

  protected options<Options extends object>(
    options: Options,
  ): Options & { signal: AbortSignal; session?: mongo.ClientSession } {
    const { signal, session } = this;
    return session ? { ...options, signal, session } : { ...options, signal };
  }

  /** Runs an operation, and once more when its connection broke, unless it belongs to a transaction. */
  protected repeatable<R>(operation: () => Promise<R>): Promise<R> {
    return retryOnce(operation, this.session);
  }

  private projectionOf(fields: readonly string[] | undefined): Projection {
    return fields ? Object.fromEntries(fields.map((field) => [field, 1])) : this.hidden;
  }
}

import { isDuplicateKeyBulk, isUnavailable, retryOnce } from '@manystore/connections';
import { type Model, mongo, type PipelineStage, type QueryFilter } from 'mongoose';
import { countingRetries } from '../runtime/metrics.ts';
import { trackedWrite } from './tracked-write.ts';

/*
 * Applies the same rules to every operation on a collection: an operation whose second run changes nothing is retried
 * once when its connection breaks; every operation ends at the deadline, belongs to the transaction if there is one,
 * and leaves out the fields that are never needed; a write is recorded for the request, which reports it when it fails.
 * Code outside this folder does not call the driver or a model directly.
 *
 * `find()`, `findOne()` and `count()` accept conditions with values from a request, and use mongoose, which casts the
 * values, throws for an unknown field, and applies operators only if they are wrapped in `trusted()`. All other
 * operations only accept values that the code has created or checked, and pass them to the driver unchanged.
 */

/** The fields that a read returns: those with 1, or all except those with 0. */
export type Projection = Readonly<Record<string, 0 | 1>>;

export interface ReadOptions<T> {
  /** The fields to read besides `_id`. By default, all fields that are not hidden. */
  fields?: readonly (keyof T & string)[];
  sort?: Readonly<Record<string, 1 | -1>>;
  limit?: number;
  batchSize?: number;
  readPreference?: 'secondaryPreferred';
}

/** An update that has the same effect when it runs twice, so without operators such as `$inc` and `$push`. */
export type RepeatableUpdate = Partial<
  Record<'$set' | '$unset' | '$max' | '$setOnInsert' | '$currentDate', object>
>;

/** An update as a pipeline, which can compare fields with each other and with the server's clock (`$$NOW`). */
export type PipelineUpdate = PipelineStage[];

const EVERYTHING: Projection = {};

/** A collection, as one request uses it. All operations end at the request's deadline. */
export class Collection<T extends { _id: unknown }> {
  protected readonly model: Model<T>;
  protected readonly signal: AbortSignal;
  protected readonly session: mongo.ClientSession | undefined;

  /**
   * @param signal aborts every operation
   * @param session the transaction that every operation belongs to, if there is one. Operations of a transaction are
   *   not retried one by one; the whole transaction is
   */
  constructor(model: Model<T>, signal: AbortSignal, session?: mongo.ClientSession) {
    this.model = model;
    this.signal = signal;
    this.session = session;
  }

  /** The names of its database and of the collection, with a dot in between. */
  get namespace(): string {
    return `${this.model.db.name}.${this.model.collection.collectionName}`;
  }

  /** The projection of a read that does not name its fields. */
  protected get hidden(): Projection {
    return EVERYTHING;
  }

  /** Returns the collection, with all operations in a transaction. */
  within(session: mongo.ClientSession): this {
    const type = this.constructor as new (...parameters: unknown[]) => this;
    return new type(this.model, this.signal, session);
  }

  /** Returns the document with an `_id`, or null. It is the fastest read: it bypasses mongoose, and the driver's cursors. */
  findById(_id: T['_id']): Promise<T | null> {
    const findOne = () =>
      this.driver.findOne({ _id } as never, this.options({ projection: this.hidden }));
    return this.repeatable(
      () => (this.session ? findOne() : this.findByCommand({ _id }, findOne)) as Promise<T | null>,
    );
  }

  /**
   * Sends the command of the driver's `findOne()`, and takes two thirds of its time: the rest is for a cursor, which one
   * document does not need. The driver does not retry a command, so `findOne` is called where it retries.
   */
  private async findByCommand(
    filter: mongo.Document,
    findOne: () => Promise<mongo.Document | null>,
  ): Promise<mongo.Document | null> {
    const { signal, hidden: projection } = this;
    const { collectionName, conn } = this.model.collection;
    const { db } = conn;
    // Mongoose considers the connection closed. Its own operations know what to do.
    if (!db) return findOne();
    const { readConcern, readPreference } = db;
    const find = { find: collectionName, filter, projection, limit: 1, singleBatch: true };
    const command = readConcern ? { ...find, readConcern: readConcern.toJSON() } : find;
    try {
      const { cursor } = await db.command(command, { signal, readPreference });
      return cursor.firstBatch[0] ?? null;
    } catch (error) {
      if (!isRetriedByDriver(error)) throw error;
      return findOne();
    }
  }

  /** Returns the first document that matches the conditions, or null. */
  findOne(conditions: QueryFilter<T>, options: ReadOptions<T> = {}): Promise<T | null> {
    const { fields, ...rest } = options;
    return this.repeatable(
      () =>
        this.model
          .findOne(conditions, this.projectionOf(fields), this.options(rest) as object)
          .lean() as unknown as Promise<T | null>,
    );
  }

  /** Returns all documents that match the conditions. The schema's read preference applies. */
  find(conditions: QueryFilter<T>, options: ReadOptions<T> = {}): Promise<T[]> {
    const { fields, ...rest } = options;
    return this.repeatable(
      () =>
        this.model
          .find(conditions, this.projectionOf(fields), this.options(rest) as object)
          .lean() as unknown as Promise<T[]>,
    );
  }

  /** Returns the number of documents that match the conditions. */
  count(conditions: QueryFilter<T> = {}): Promise<number> {
    return this.repeatable(() =>
      this.model.countDocuments(conditions, this.options({}) as object).exec(),
    );
  }

  /** Returns the documents whose field has one of the values, in no particular order, with one command. */
  findIn<Field extends keyof T & string>(
    field: Field,
    values: readonly T[Field][],
    options: Pick<ReadOptions<T>, 'fields' | 'readPreference'> = {},
  ): Promise<T[]> {
    const { fields, ...rest } = options;
    const projection = this.projectionOf(fields);
    // A batch larger than the result makes the server close the cursor with its first response.
    const all = this.options({ ...rest, projection, batchSize: values.length + 1 });
    return this.repeatable(
      () =>
        this.driver
          .find({ [field]: { $in: values } } as never, all)
          .toArray() as Promise<unknown> as Promise<T[]>,
    );
  }

  /**
   * Passes documents to `consume` one by one, as they arrive. If the connection breaks, the query and `consume` run
   * again from the start, because the driver does not retry the fetching of further batches. So `consume` must not keep
   * state between calls.
   */
  collect<R>(
    filter: object,
    { fields, ...rest }: ReadOptions<T>,
    consume: (documents: AsyncIterable<T>) => Promise<R>,
  ): Promise<R> {
    const options = this.options({ ...rest, projection: this.projectionOf(fields) });
    return this.repeatable(() =>
      consume(this.driver.find(filter as never, options) as unknown as AsyncIterable<T>),
    );
  }

  /**
   * Returns all documents that match, or undefined if they are larger than `maxBytes` of BSON together. It is faster than
   * {@link collect}, which passes them one by one.
   */
  findUpTo(
    filter: object,
    { maxBytes, batchSize }: { maxBytes: number; batchSize: number },
  ): Promise<T[] | undefined> {
    const options = this.options({ projection: this.hidden, batchSize, raw: true });
    return this.repeatable(async () => {
      await using cursor = this.driver.find(filter as never, options);
      const documents: T[] = [];
      let bytes = 0;
      while (await cursor.hasNext())
        for (const raw of cursor.readBufferedDocuments() as unknown as Uint8Array[]) {
          bytes += raw.length;
          if (bytes > maxBytes) return undefined;
          documents.push(mongo.BSON.deserialize(raw) as T);
        }
      return documents;
    });
  }

  /** Returns the result of an aggregation pipeline, which must not write. */
  aggregate<R extends mongo.Document>(
    pipeline: readonly PipelineStage[],
    options: mongo.AggregateOptions = {},
  ): Promise<R[]> {
    return this.repeatable(() =>
      this.driver.aggregate<R>([...pipeline], this.options(options)).toArray(),
    );
  }

  /**
   * Inserts a document, without the fields that are undefined. It may run twice. A duplicate `_id` can then mean that
   * the first run succeeded, because the caller generates the `_id`.
   *
   * @throws {MongoServerError} with the code of a duplicate key, also when the first run inserted the document
   */
  async insertOne(document: T): Promise<void> {
    const options = this.options({ ignoreUndefined: true });
    await this.repeatableWrite(() => this.driver.insertOne(document as never, options));
  }

  /**
   * Inserts the documents whose `_id` is not in the collection, and does not change the others. It may run twice.
   *
   * @returns how many were inserted; after a retry, those of the second run
   */
  async insertMissing(documents: readonly T[]): Promise<number> {
    if (documents.length === 0) return 0;
    const operations = documents.map(({ _id, ...fields }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: fields }, upsert: true },
    }));
    try {
      return (await this.bulk(operations)).upsertedCount;
    } catch (error) {
      // Another request inserted some of them at the same time.
      if (!isDuplicateKeyBulk(error)) throw error;
      return (error as mongo.MongoBulkWriteError).upsertedCount;
    }
  }

  /**
   * Updates the first document that matches, or inserts one with `upsert`. It may run twice. So either the filter must
   * still match after the update, or the caller must not depend on the result.
   *
   * @returns whether a document matched or was inserted
   */
  async updateOne(
    filter: object,
    update: RepeatableUpdate,
    { upsert = false }: { upsert?: boolean } = {},
  ): Promise<boolean> {
    const options = this.options({ upsert });
    const { matchedCount, upsertedCount } = await this.repeatableWrite(() =>
      this.driver.updateOne(filter as never, update as never, options),
    );
    return matchedCount + upsertedCount > 0;
  }

  /**
   * Updates a document like {@link updateOne}, and returns it.
   *
   * @returns the document after the update; null when none matched
   */
  findOneAndUpdate(
    filter: object,
    update: (RepeatableUpdate & { $inc?: { version: 1 } }) | PipelineUpdate,
    { upsert = false }: { upsert?: boolean } = {},
  ): Promise<T | null> {
    return this.repeatable(() => this.updateOnce(filter, update, { upsert }));
  }

  /** Updates the first document that matches. It never runs twice, so the update may contain `$inc`. */
  updateOnce(
    filter: object,
    update: object,
    { upsert = false }: { upsert?: boolean } = {},
  ): Promise<T | null> {
    const projection = this.hidden;
    const options = this.options({ upsert, returnDocument: 'after' as const, projection });
    return this.write(
      () =>
        this.driver.findOneAndUpdate(
          filter as never,
          update as never,
          options,
        ) as Promise<unknown> as Promise<T | null>,
    );
  }

  /** Updates all documents that match. It may run twice, so an `$inc` must be harmless when it is applied twice. */
  async updateMany(filter: object, update: RepeatableUpdate & { $inc?: object }): Promise<void> {
    const options = this.options({});
    await this.repeatableWrite(() =>
      this.driver.updateMany(filter as never, update as never, options),
    );
  }

  /** Deletes all documents that match. It may run twice. */
  async deleteMany(filter: object): Promise<void> {
    const options = this.options({});
    await this.repeatableWrite(() => this.driver.deleteMany(filter as never, options));
  }

  /** Runs an unordered bulk write. It may run twice, so the second run of each operation must change nothing. */
  bulk(operations: readonly object[]): Promise<mongo.BulkWriteResult> {
    return this.repeatable(() => this.bulkOnce(operations));
  }

  /** Runs an unordered bulk write. It never runs twice. */
  bulkOnce(operations: readonly object[]): Promise<mongo.BulkWriteResult> {
    const options = this.options({ ordered: false });
    return this.write(() => this.driver.bulkWrite(operations as never, options));
  }

  /** The driver's collection, which bypasses mongoose. */
  protected get driver(): mongo.Collection<mongo.Document> {
    return this.model.collection as unknown as mongo.Collection<mongo.Document>;
  }

  protected options<Options extends object>(
    options: Options,
  ): Options & { signal: AbortSignal; session?: mongo.ClientSession } {
    const { signal, session } = this;
    return session ? { ...options, signal, session } : { ...options, signal };
  }

  /** Runs an operation, and retries it once if its connection breaks, unless it belongs to a transaction. */
  protected repeatable<R>(operation: () => Promise<R>): Promise<R> {
    return retryOnce(countingRetries(operation), this.session);
  }

  /** Runs a write like {@link repeatable}. */
  protected repeatableWrite<R>(operation: () => Promise<R>): Promise<R> {
    return this.repeatable(() => this.write(operation));
  }

  /** Runs a write once. In a transaction, only the commit decides whether it is applied. */
  protected write<R>(operation: () => Promise<R>): Promise<R> {
    return this.session ? operation() : trackedWrite(this.model.db, operation);
  }

  private projectionOf(fields: readonly string[] | undefined): Projection {
    return fields ? Object.fromEntries(fields.map((field) => [field, 1])) : this.hidden;
  }
}

/** Whether a read may succeed at once when it is repeated. An error after a wait, such as for a server, is not of this kind. */
const isRetriedByDriver = (error: unknown): boolean =>
  (error instanceof mongo.MongoNetworkError || error instanceof mongo.MongoServerError) &&
  isUnavailable(error);

/** A collection whose documents are no change that a client could ask about, so its writes are not tracked. */
export class UntrackedCollection<T extends { _id: unknown }> extends Collection<T> {
  protected override write<R>(operation: () => Promise<R>): Promise<R> {
    return operation();
  }
}

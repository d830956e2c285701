import { isDuplicateKeyBulk } from '@manystore/connections';
import { Collection, type RepeatableUpdate } from './collection.ts';

/** A document whose `version` grows with each change. */
export interface Versioned {
  _id: unknown;
  version: number;
}

/**
 * A collection of versioned documents. Each write requires a version, so it may run twice: the second run finds another
 * version and changes nothing.
 */
export class VersionedCollection<T extends Versioned> extends Collection<T> {
  /**
   * Updates a document that still has the version of `current`.
   *
   * @returns the document after the update; null when it has another version or does not exist
   */
  updateIfVersion(
    { _id, version }: Versioned,
    update: RepeatableUpdate & { $inc?: { version: 1 } },
  ): Promise<T | null> {
    return this.findOneAndUpdate({ _id, version }, update);
  }

  /**
   * Replaces a document that still has the version of `current`.
   *
   * @returns whether the document was replaced
   */
  async replaceIfVersion(
    { _id, version }: Versioned,
    replacement: Omit<T, '_id'>,
  ): Promise<boolean> {
    const options = this.options({});
    const { matchedCount } = await this.repeatableWrite(() =>
      this.driver.replaceOne({ _id, version } as never, replacement as never, options),
    );
    return matchedCount === 1;
  }

  /**
   * Deletes a document that still has the version of `current`.
   *
   * @returns whether this run deleted it. After a retry, this can be false although the first run deleted it
   */
  async deleteIfVersion({ _id, version }: Versioned): Promise<boolean> {
    const options = this.options({});
    const { deletedCount } = await this.repeatableWrite(() =>
      this.driver.deleteOne({ _id, version } as never, options),
    );
    return deletedCount === 1;
  }

  /** Deletes the documents that still have the given versions. */
  async deleteVersions(documents: readonly Versioned[]): Promise<void> {
    await this.bulk(
      documents.map(({ _id, version }) => ({ deleteOne: { filter: { _id, version } } })),
    );
  }

  /** Deletes a document if its version is lower than that of `newer`. */
  async deleteOlder({ _id, version }: Versioned): Promise<void> {
    await this.deleteMany({ _id, version: { $lt: version } });
  }

  /** Returns the documents that are missing in the collection, or stored there with a lower version. */
  async newerThanStored<D extends Versioned>(documents: readonly D[]): Promise<D[]> {
    const ids = documents.map(({ _id }) => _id as T['_id']);
    const stored = await this.findIn('_id', ids, { fields: ['version'] });
    const versions = new Map(stored.map(({ _id, version }) => [String(_id), version]));
    return documents.filter(({ _id, version }) => version > (versions.get(String(_id)) ?? 0));
  }

  /**
   * Inserts documents, or replaces stored documents of a lower version. It is safe to run concurrently, because a
   * document is never replaced by a lower version.
   *
   * @param options.alsoSame whether a document of the same version is replaced too
   */
  async replaceOlder(
    documents: readonly T[],
    { alsoSame = false }: { alsoSame?: boolean } = {},
  ): Promise<void> {
    const older = alsoSame ? '$lte' : '$lt';
    let missing = documents;
    while (missing.length > 0) {
      const operations = missing.map(({ _id, ...replacement }) => ({
        replaceOne: {
          filter: { _id, version: { [older]: replacement.version } },
          replacement,
          upsert: true,
        },
      }));
      try {
        await this.bulk(operations);
        return;
      } catch (error) {
        // Nothing matched, and the insert found a document with the same _id: a newer version, or one that a concurrent
        // call has just written. If that one is older, the next round replaces it.
        if (!isDuplicateKeyBulk(error)) throw error;
        missing = await this.newerThanStored(missing);
      }
    }
  }
}

import { isDuplicateKeyBulk } from '@manystore/connections';
import { Collection, type RepeatableUpdate } from './collection.ts';

/** A document that counts its changes. */
export interface Versioned {
  _id: unknown;
  version: number;
}

/**
 * The documents of a collection that count their changes. Each write here names a version, so each may run twice: the
 * second run finds another version, and changes nothing.
 */
export class VersionedCollection<T extends Versioned> extends Collection<T> {
  /**
   * Updates a document that is still in the version of `current`.
   *
   * @returns the document as it is afterwards; null when it has another version, or is gone
   */
  updateIfVersion(
    { _id, version }: Versioned,
    update: RepeatableUpdate & { $inc?: { version: 1 } },
  ): Promise<T | null> {
    return this.findOneAndUpdate({ _id, version }, update);
  }

  /**
   * Replaces a document that is still in the version of `current`.
   *
   * @returns whether it was
   */
  async replaceIfVersion(
    { _id, version }: Versioned,
    replacement: Omit<T, '_id'>,
  ): Promise<boolean> {
    const options = this.options({});
    const { matchedCount } = await this.repeatable(() =>
      this.driver.replaceOne({ _id, version } as never, replacement as never, options),
    );
    return matchedCount === 1;
  }

  /**
   * Deletes a document that is still in the version of `current`.
   *
   * @returns whether it was. After a second run this is false also when the first one deleted it
   */
  async deleteIfVersion({ _id, version }: Versioned): Promise<boolean> {
    const options = this.options({});
    const { deletedCount } = await this.repeatable(() =>
      this.driver.deleteOne({ _id, version } as never, options),
    );
    return deletedCount === 1;
  }

  /** Deletes those of some documents that are still in their versions. */
  async deleteVersions(documents: readonly Versioned[]): Promise<void> {
    await this.bulk(
      documents.map(({ _id, version }) => ({ deleteOne: { filter: { _id, version } } })),
    );
  }

  /** Deletes a document if it is older than the version of `newer`. */
  async deleteOlder({ _id, version }: Versioned): Promise<void> {
    await this.deleteMany({ _id, version: { $lt: version } });
  }

  /** Returns those of some documents that are here neither in their version nor in a newer one. */
  async newerThanStored<D extends Versioned>(documents: readonly D[]): Promise<D[]> {
    const ids = documents.map(({ _id }) => _id as T['_id']);
    const stored = await this.findIn('_id', ids, { fields: ['version'] });
    const versions = new Map(stored.map(({ _id, version }) => [String(_id), version]));
    return documents.filter(({ _id, version }) => version > (versions.get(String(_id)) ?? 0));
  }

  /**
   * Writes documents, each unless a newer version of it is here. Two callers at once do no harm: a document only ever
   * gives way to a newer version.
   *
   * @param options.alsoSame whether a document of the same version is replaced as well
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
        // There was nothing to replace, and then the _id was taken: by a newer version, or by one that another
        // caller wrote just then. If that is an older one, the next round replaces it.
        if (!isDuplicateKeyBulk(error)) throw error;
        missing = await this.newerThanStored(missing);
      }
    }
  }
}

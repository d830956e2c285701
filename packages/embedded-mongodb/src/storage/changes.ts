import type { StoredDocument } from './document.ts';

/** A collection in which a change can be undone. */
export interface Restorable {
  /** Stores a document, or removes it if `document` is undefined, without any check. */
  put(idKey: string, document: StoredDocument | undefined): void;
}

/** An open transaction, as writes to stored documents see it. */
export interface Witness<Stored> {
  /** Throws WriteConflict if this transaction has changed the document. */
  guardDocument(collection: Stored, idKey: string): void;
  /** Throws WriteConflict if one of its own documents has one of the keys of a unique index. */
  guardKeys(collection: Stored, index: string, keys: readonly string[]): void;
  /** Throws WriteConflict if this transaction uses the collection. */
  guardCollection(collection: Stored): void;
  /** Throws WriteConflict if this transaction creates a collection of this name. */
  guardName(namespace: string): void;
  /** Receives the previous version of a document that another command has changed. */
  changed(collection: Stored, idKey: string, before: StoredDocument | undefined): void;
}

/** Stores the changes of commands in a file. */
export interface Journal<Stored> {
  /** Notes that a document has changed. `before` is its previous version. */
  documentChanged(collection: Stored, idKey: string, before: StoredDocument | undefined): void;
  /** Notes that a collection was created, dropped or renamed, or that its options or indexes have changed. */
  collectionChanged(collection: Stored): void;
  /**
   * Writes what was noted, as a whole.
   *
   * @throws MongoCommandError 14031 if the file cannot be written
   */
  commit(): void;
}

interface Change<Stored> {
  readonly collection: Stored;
  readonly idKey: string;
  readonly before: StoredDocument | undefined;
}

/**
 * Records the changes of the running command. When the command is done, they are reported to the open
 * transactions and written to the journal, or undone. Nothing is recorded while no transaction is open and there is no
 * journal.
 */
export class Changes<Stored extends Restorable> {
  readonly #witnesses = new Set<Witness<Stored>>();
  #pending: Change<Stored>[] = [];
  /** Undefined if the data is only in memory. */
  journal: Journal<Stored> | undefined;

  get witnesses(): ReadonlySet<Witness<Stored>> {
    return this.#witnesses;
  }

  join(witness: Witness<Stored>): void {
    this.#witnesses.add(witness);
  }

  leave(witness: Witness<Stored>): void {
    this.#witnesses.delete(witness);
  }

  record(collection: Stored, idKey: string, before: StoredDocument | undefined): void {
    if (this.#witnesses.size > 0) this.#pending.push({ collection, idKey, before });
    this.journal?.documentChanged(collection, idKey, before);
  }

  /** Records any change of a collection except those of its documents. It is not undone. */
  recordCollection(collection: Stored): void {
    this.journal?.collectionChanged(collection);
  }

  /**
   * Reports the changes of the running command, which is done, to the open transactions, and writes them to the journal.
   *
   * @throws MongoCommandError 14031 if the journal cannot be written
   */
  settle(): void {
    for (const { collection, idKey, before } of this.#pending.splice(0)) {
      for (const witness of this.#witnesses) witness.changed(collection, idKey, before);
    }
    this.journal?.commit();
  }

  /** Undoes the changes of the running command. */
  undo(): void {
    for (const { collection, idKey, before } of this.#pending.splice(0).reverse()) {
      collection.put(idKey, before);
    }
  }
}

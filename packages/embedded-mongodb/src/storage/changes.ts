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

interface Change<Stored> {
  readonly collection: Stored;
  readonly idKey: string;
  readonly before: StoredDocument | undefined;
}

/**
 * Records the changes of the running command. When the command is done, they are reported to the open
 * transactions, or undone. Nothing is recorded while no transaction is open.
 */
export class Changes<Stored extends Restorable> {
  readonly #witnesses = new Set<Witness<Stored>>();
  #pending: Change<Stored>[] = [];

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
  }

  /** Reports the changes of the running command, which has succeeded, to the open transactions. */
  settle(): void {
    for (const { collection, idKey, before } of this.#pending.splice(0)) {
      for (const witness of this.#witnesses) witness.changed(collection, idKey, before);
    }
  }

  /** Undoes the changes of the running command. */
  undo(): void {
    for (const { collection, idKey, before } of this.#pending.splice(0).reverse()) {
      collection.put(idKey, before);
    }
  }
}

import type { StoredDocument } from './document.ts';

/** A collection in which a change can be undone. */
export interface Restorable {
  /** Stores a document, or removes it if `document` is undefined, without any check. */
  put(idKey: string, document: StoredDocument | undefined): void;
}

/** What a write to stored documents has to reckon with: a transaction that is open. */
export interface Witness<Stored> {
  /** Refuses a write to a document that it has changed itself. */
  guardDocument(collection: Stored, idKey: string): void;
  /** Refuses a key of a unique index that one of its own documents has. */
  guardKeys(collection: Stored, index: string, keys: readonly string[]): void;
  /** Refuses to change what a collection is while it is in use. */
  guardCollection(collection: Stored): void;
  /** Refuses to make a collection that it is about to make. */
  guardName(namespace: string): void;
  /** Is told what a document was before somebody else changed it. */
  changed(collection: Stored, idKey: string, before: StoredDocument | undefined): void;
}

interface Change<Stored> {
  readonly collection: Stored;
  readonly idKey: string;
  readonly before: StoredDocument | undefined;
}

/**
 * Stands between stored documents and open transactions. What the running command changes is
 * kept until it is done, and then told to the transactions, or undone. While there are none,
 * nothing is kept.
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

  /** The running command is done: from now on its changes are everybody's. */
  settle(): void {
    for (const { collection, idKey, before } of this.#pending.splice(0)) {
      for (const witness of this.#witnesses) witness.changed(collection, idKey, before);
    }
  }

  /** The running command was not to be: every document is again what it was. */
  undo(): void {
    for (const { collection, idKey, before } of this.#pending.splice(0).reverse()) {
      collection.put(idKey, before);
    }
  }
}

/** Texts of JSON for one path of the API, each with the `_id` of its document. */
export interface Parcel {
  ids: string[];
  texts: string[];
  bytes: number;
}

/** What a request contains at most, far below the limits of import-products and ingest-archive. */
const MAX_TEXTS = 1_000;
const MAX_PARCEL_BYTES = 500_000;
/** What is collected for all paths together, in bytes. */
const MAX_BYTES = 16_000_000;

/** Collects texts by path, and sends those of a path when they fill a request, so that memory is limited. */
export class Outbox {
  readonly #send: (path: string, parcel: Parcel) => Promise<void>;
  readonly #parcels = new Map<string, Parcel>();
  #bytes = 0;

  constructor(send: (path: string, parcel: Parcel) => Promise<void>) {
    this.#send = send;
  }

  async add(path: string, id: string, text: string): Promise<void> {
    const parcel = this.#parcels.get(path) ?? { ids: [], texts: [], bytes: 0 };
    this.#parcels.set(path, parcel);
    const bytes = Buffer.byteLength(text);
    parcel.ids.push(id);
    parcel.texts.push(text);
    parcel.bytes += bytes;
    this.#bytes += bytes;
    if (parcel.texts.length >= MAX_TEXTS || parcel.bytes >= MAX_PARCEL_BYTES)
      await this.#flush(path, parcel);
    else if (this.#bytes >= MAX_BYTES) await this.flush();
  }

  /** Sends everything that is left. */
  async flush(): Promise<void> {
    for (const [path, parcel] of [...this.#parcels]) await this.#flush(path, parcel);
  }

  async #flush(path: string, parcel: Parcel): Promise<void> {
    this.#parcels.delete(path);
    this.#bytes -= parcel.bytes;
    await this.#send(path, parcel);
  }
}

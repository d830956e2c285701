import { randomBytes } from 'node:crypto';
import type { Manystore, Product, Store } from '@manystore/client';
import type { TokenSource } from '../access.ts';

/** What the checks of a smoke test use, and what they leave for each other. */
export interface Setting {
  /** The URL of the service, without a slash at the end. */
  url: string;
  /** A token for all operations and all stores. */
  token: string;
  /** Makes other tokens; undefined with an issuer that this machine cannot ask. */
  issueToken: TokenSource | undefined;
  /** A client with that token. It retries nothing, because a retry would hide a failure. */
  client: Manystore;
  /** Requests of public operations, or with other tokens. */
  fetch: (path: string, init?: RequestInit) => Promise<Response>;
  /** The ids of two stores that only this test uses. */
  stores: { first: string; second: string };
  /** SKUs that only this test uses. */
  skus: { head: string; product: string; imported: string };
  /** What exists so far. */
  made: {
    store?: Store;
    product?: Product;
    headProduct?: Product;
    /** The id of a record that was ingested into the archive of the first store. */
    record?: string;
  };
}

/** Returns names that no other run uses, for stores and SKUs. */
export function newNames(): Pick<Setting, 'stores' | 'skus'> {
  const id = randomBytes(4).toString('hex');
  const sku = (name: string) => `SMOKE-${id}-${name}`;
  return {
    stores: { first: `smoke-${id}-a`, second: `smoke-${id}-b` },
    skus: { head: sku('HEAD'), product: sku('CUP'), imported: sku('POT') },
  };
}

/** The currency of everything that the test creates. */
export const CURRENCY = 'EUR';

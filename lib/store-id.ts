/**
 * A store's id: 1 to 30 lower-case letters, digits and hyphens, with no hyphen at its ends. With the prefix
 * `store_` it names a database in at most 36 bytes, where Atlas' shared tiers allow 38.
 */
export const STORE_ID = /^[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?$/;

declare const admitted: unique symbol;

/** The id of a store that the registry knows. Only `lib/stores` makes one, from an entry of the registry. */
export type AdmittedStoreId = string & { readonly [admitted]: true };

const PREFIX = 'store_';

/** The name of a store's database. */
export const databaseOf = (id: AdmittedStoreId): string => `${PREFIX}${id}`;

/** Whether a database of this name can be a store's. */
export const isStoreDatabase = (name: string): boolean =>
  name.startsWith(PREFIX) && STORE_ID.test(name.slice(PREFIX.length));

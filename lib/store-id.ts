/**
 * The pattern of a store id: 1 to 30 lowercase letters, digits and hyphens, without a leading or trailing hyphen. With
 * the prefix `store_`, it is a database name of at most 36 bytes; Atlas' shared tiers allow 38.
 */
export const STORE_ID = /^[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?$/;

declare const admitted: unique symbol;

/** The id of a store that is in the registry. Only `lib/stores` creates values of this type, from registry entries. */
export type AdmittedStoreId = string & { readonly [admitted]: true };

/** A store, and the name of the cluster that its database is on. */
export interface StorePlace {
  readonly id: AdmittedStoreId;
  readonly cluster: string;
}

const PREFIX = 'store_';

/** Returns the name of a store's database. */
export const databaseOf = (id: AdmittedStoreId): string => `${PREFIX}${id}`;

/** Returns whether a name is a valid name of a store's database. */
export const isStoreDatabase = (name: string): boolean =>
  name.startsWith(PREFIX) && STORE_ID.test(name.slice(PREFIX.length));

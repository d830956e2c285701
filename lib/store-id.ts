/**
 * A store's id: 1 to 30 lower-case letters, digits and hyphens, with no hyphen at its ends. With the prefix
 * `store_` it names a database in at most 36 bytes, where Atlas' shared tiers allow 38.
 */
export const STORE_ID = /^[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?$/;

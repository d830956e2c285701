import { STORE_ID } from '#lib/store-id.ts';

/** Returns the words of a text, in lower case and without accents. */
export const foldedWords = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .normalize('NFC')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** Returns the store id for the name of a database or store: `store-a` for `StoreA`, `Store A` and `store_a`. */
const idFrom = (name: string): string =>
  foldedWords(name.replace(/([\p{Ll}\p{N}])(?=\p{Lu})/gu, '$1-')).join('-');

/**
 * Returns the id of each store.
 *
 * @param names the names of the old databases and stores
 * @param chosen the ids that the caller has chosen, by name. Several names may share such an id
 * @throws {Error} with a message of one line, when a name gives no valid id, or two names give the same id
 */
export function storeIds(
  names: readonly string[],
  chosen: ReadonlyMap<string, string>,
): Map<string, string> {
  const ids = new Map<string, string>();
  const byId = new Map<string, string>();
  for (const name of names) {
    const id = chosen.get(name) ?? idFrom(name);
    if (!STORE_ID.test(id))
      throw new Error(
        `${JSON.stringify(name)} gives no valid store id: choose 1 to 30 lowercase letters, digits and hyphens with ` +
          `--store ${JSON.stringify(`${name}=ID`)}`,
      );
    const other = byId.get(id);
    if (other !== undefined && !(chosen.has(name) && chosen.has(other)))
      throw new Error(
        `${JSON.stringify(other)} and ${JSON.stringify(name)} both give the store id ${id}: choose an id for each of them with ` +
          `--store ${JSON.stringify(`${name}=ID`)}, or the same id to merge them`,
      );
    ids.set(name, id);
    byId.set(id, name);
  }
  return ids;
}

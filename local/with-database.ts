/** Returns the connection string `uri`, which has one host, with `database` as its default database. */
export function withDatabase(uri: string, database: string): string {
  const url = new URL(uri);
  url.pathname = `/${database}`;
  return url.href;
}

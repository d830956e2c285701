import { MongoClient } from 'mongodb';
import { withDatabase } from '../local/with-database.ts';
import { startChild } from './children.ts';

/** Fills a server. It has no connection any more when `work` is done. */
export type Fill = <Result>(work: (client: MongoClient) => Promise<Result>) => Promise<Result>;

/** Returns what fills the server of a connection string. */
export const fillOf =
  (uri: string): Fill =>
  async (work) => {
    const client = await MongoClient.connect(uri);
    return work(client).finally(() => client.close());
  };

/** An embedded MongoDB server that is measured against, in a process of its own. */
export interface BenchServer extends AsyncDisposable {
  /** The connection string, with the database of the registry and the head catalog. */
  uri: string;
  fill: Fill;
  /** How many sockets are open, by the server's own count. */
  sockets(): Promise<number>;
}

/** The database of the registry and the head catalog. */
export const MAIN = 'bench';

export async function startServer(): Promise<BenchServer> {
  const child = startChild('server-child.ts');
  const uri = withDatabase(await child.ask<string>('uri'), MAIN);
  return {
    uri,
    fill: fillOf(uri),
    sockets: () => child.ask('sockets'),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

import { MongoClient } from 'mongodb';
import { withDatabase } from '../local/with-database.ts';
import { startChild } from './children.ts';

/** An embedded MongoDB server that is measured against, in a process of its own. */
export interface BenchServer extends AsyncDisposable {
  /** The connection string, with the database of the registry and the head catalog. */
  uri: string;
  /** Fills the server in; it is not connected any more when `work` is done. */
  fill(work: (client: MongoClient) => Promise<unknown>): Promise<void>;
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
    async fill(work) {
      const client = await MongoClient.connect(uri);
      await work(client).finally(() => client.close());
    },
    sockets: () => child.ask('sockets'),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

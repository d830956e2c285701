import { bundlePeers, unpackFunctions } from '../artifacts.ts';
import { environmentOf } from '../environment.ts';
import { eventFor } from '../event.ts';
import type { Options } from '../part.ts';
import { enterProduct } from '../records.ts';
import { type FarServer, startFarServer } from './server.ts';

const STORE = 'acme';

export const BARE = "bare driver's handler, bundled";
export const TUTORIAL = "the tutorial's shape, unbundled";

/** A function and the event with which it is called. */
export interface Candidate {
  name: string;
  file: string;
  event: object;
}

export type Name = 'bare' | 'tutorial' | 'head' | 'store' | 'health';

/** Servers that are far away, and the functions that use them. */
interface FarPlace extends AsyncDisposable {
  server: FarServer;
  candidates: Record<Name, Candidate>;
  /** The environment of each candidate. All of them read their connection strings from Parameter Store. */
  env: Record<string, string>;
}

/** @param packaged a folder where the functions have been packaged already */
export async function startFarPlace({
  packaged,
  progress,
}: {
  packaged: string | undefined;
  progress: Options['progress'];
}): Promise<FarPlace> {
  progress(packaged ? 'unpacks the functions' : 'packages the functions');
  const stack = new AsyncDisposableStack();
  const functions = stack.use(await unpackFunctions(['get-product', 'get-health'], packaged));
  const peers = stack.use(await bundlePeers(['bare-driver-far']));
  const server = stack.use(await startFarServer());
  const product = await server.fill((client) => enterProduct(client, STORE));
  const head = eventFor('GET /products/{product}', { path: { product } });
  const path = { store: STORE, product };
  const store = eventFor('GET /stores/{store}/products/{product}', { path });
  const ours = functions.fileOf('get-product');
  return {
    server,
    // In the order in which they run: the files of the tutorial's shape evict those of others from the caches.
    candidates: {
      tutorial: {
        name: "the tutorial's shape",
        file: peers.sourceOf('tutorial-far.cjs'),
        event: head,
      },
      store: { name: 'get-product of a store', file: ours, event: store },
      bare: { name: 'the bare driver', file: peers.fileOf('bare-driver-far'), event: head },
      head: { name: 'get-product of the head catalog', file: ours, event: head },
      health: {
        name: 'get-health, which uses both servers',
        file: functions.fileOf('get-health'),
        event: eventFor('GET /health', {}),
      },
    },
    env: { ...withoutSecrets(environmentOf('')), ...server.env },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function withoutSecrets({
  PRIMARY_CONN_STR,
  SECONDARY_CONN_STR,
  CURSOR_SECRET,
  ...env
}: Record<string, string>): Record<string, string> {
  return env;
}

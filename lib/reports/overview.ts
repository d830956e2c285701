import { deadlineIn, isUnavailable, monotonicMs, retryOnce } from '@manystore/connections';
import type { Connection, Model } from 'mongoose';
import { archiveOn } from '../archive/record.ts';
import { connect, ping } from '../connections.ts';
import { type VisibleStores, visibleIn } from '../http/visible-stores.ts';
import { mirrorOn } from '../mirror/record.ts';
import { productsOn } from '../products/record.ts';
import { describeError, log } from '../runtime/log.ts';
import { SERVER_NAMES, type Server } from '../runtime/servers.ts';
import { Registry } from '../stores/record.ts';
import { overviewOfClusters } from './cluster-overview.ts';
import type { Overview } from './schema.ts';

/** The time limit for each server, long enough for a first connection and the counts. */
const TIMEOUT_MS = 4_000;

/** Reports may be read from the secondary nodes of a replica set. */
const anyMember = { readPreference: 'secondaryPreferred' } as const;

/**
 * Reads the figures of all servers concurrently, and then asks the clusters, which the primary names. A server that does
 * not respond within 4 s is reported as missing, with the figures of the others. The figures cover the stores that the
 * caller may see.
 */
export async function overviewOf(visible: VisibleStores, signal: AbortSignal): Promise<Overview> {
  const results = await Promise.all(
    SERVER_NAMES.map(
      async (server) => [server, await readFigures(server, visible, signal)] as const,
    ),
  );
  const missing = results.flatMap(([server, { status }]) => (status === 'missing' ? server : []));
  const clusters = missing.includes('primary') ? [] : await overviewOfClusters(visible, signal);
  return { ...(Object.fromEntries(results) as Pick<Overview, Server>), missing, clusters };
}

/** The members of a server's result besides `status` and `ms`. */
type Figures<S extends Server> = Omit<
  Extract<Overview[S], { status: 'answered' }>,
  'status' | 'ms'
>;

/** The functions that read the figures of each server. */
const FIGURES: {
  [S in Server]: (
    connection: Connection,
    visible: VisibleStores,
    signal: AbortSignal,
  ) => Promise<Figures<S>>;
} = { primary: primaryFigures, secondary: secondaryFigures };

async function readFigures(
  server: Server,
  visible: VisibleStores,
  signal: AbortSignal,
): Promise<Overview[Server]> {
  using timeout = deadlineIn(TIMEOUT_MS);
  const either = AbortSignal.any([signal, timeout.signal]);
  const start = monotonicMs();
  const ms = () => Math.round(monotonicMs() - start);
  try {
    const connection = await connect(server, either);
    // The ping continues after the time limit, and so detects a connection that must be opened again.
    ping(server, either).catch(() => undefined);
    const figures = await FIGURES[server](connection, visible, either);
    return { status: 'answered', ms: ms(), ...figures } as Overview[Server];
  } catch (error) {
    log.warn('report.missing', { server, error: describeError(error) });
    return { status: 'missing', ms: ms(), reason: reasonFor(error, either) };
  }
}

function reasonFor(error: unknown, either: AbortSignal): string {
  if (either.aborted) return 'The server did not respond in time.';
  if (isUnavailable(error)) return 'The server is not responding.';
  return 'The figures of the server could not be read.';
}

async function primaryFigures(connection: Connection, visible: VisibleStores, signal: AbortSignal) {
  const ids = visibleIn(visible);
  const $match = { ready: true, ...(ids === undefined ? {} : { _id: ids }) };
  const [groups, headProducts] = await Promise.all([
    // The registry has one entry per store, and counting ten thousand of them takes a few milliseconds.
    retryOnce(() =>
      Registry.collection
        .aggregate<{ _id: 'active' | 'suspended' | 'closing' | 'closed'; count: number }>(
          [{ $match }, { $group: { _id: '$status', count: { $sum: 1 } } }],
          { signal },
        )
        .toArray(),
    ),
    estimate(productsOn(connection), { signal }),
  ]);
  const stores = { total: 0, active: 0, suspended: 0, closing: 0, closed: 0 };
  for (const { _id, count } of groups) {
    stores[_id] = count;
    stores.total += count;
  }
  return { stores, headProducts };
}

async function secondaryFigures(
  connection: Connection,
  visible: VisibleStores,
  signal: AbortSignal,
) {
  const store = visibleIn(visible);
  const options = { ...anyMember, signal };
  const archive = archiveOn(connection);
  const from = (source: 'catalog' | 'ingest') => {
    const filter = { source, ...(store === undefined ? {} : { store }) };
    return retryOnce(() => archive.collection.countDocuments(filter, options));
  };
  const [mirrorProducts, catalog, ingest] = await Promise.all([
    store === undefined
      ? estimate(mirrorOn(connection), options)
      : retryOnce(() =>
          mirrorOn(connection).collection.countDocuments({ 'store.id': store }, options),
        ),
    from('catalog'),
    from('ingest'),
  ]);
  return { mirrorProducts, archived: { catalog, ingest } };
}

/** Returns the document count from a collection's metadata, which is fast for a collection of any size. */
function estimate<T>(
  { collection }: Model<T>,
  options: { signal: AbortSignal; readPreference?: 'secondaryPreferred' },
): Promise<number> {
  return retryOnce(() => collection.estimatedDocumentCount(options));
}

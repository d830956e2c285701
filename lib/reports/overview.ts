import { deadlineIn, isUnavailable, retryOnce } from '@manystore/connections';
import type { Connection, Model } from 'mongoose';
import { archiveOn } from '../archive/record.ts';
import { connect, ping } from '../connections.ts';
import { type VisibleStores, visibleIn } from '../http/visible-stores.ts';
import { mirrorOn } from '../mirror/record.ts';
import { productsOn } from '../products/record.ts';
import { describeError, log } from '../runtime/log.ts';
import { SERVER_NAMES, type Server } from '../runtime/servers.ts';
import { Registry } from '../stores/record.ts';
import type { Overview } from './schema.ts';

/** How long each server is waited for: long enough to connect from cold and to count. */
const TIMEOUT_MS = 4_000;

/** Reports may be read from a member of the replica set that is not the primary of it. */
const anyMember = { readPreference: 'secondaryPreferred' } as const;

/**
 * Asks every server at the same time for its figures. One that does not answer within 4 s is missing, and the figures of
 * the others are returned all the same. The stores' figures are those of the stores that the caller may see.
 */
export async function overviewOf(visible: VisibleStores, signal: AbortSignal): Promise<Overview> {
  const answers = await Promise.all(
    SERVER_NAMES.map(async (server) => [server, await ask(server, visible, signal)] as const),
  );
  const missing = answers.flatMap(([server, { status }]) => (status === 'missing' ? server : []));
  return { ...(Object.fromEntries(answers) as Pick<Overview, Server>), missing };
}

/** What a server answers besides its status and its time. */
type Figures<S extends Server> = Omit<
  Extract<Overview[S], { status: 'answered' }>,
  'status' | 'ms'
>;

/** Where the figures of each server come from. */
const FIGURES: {
  [S in Server]: (
    connection: Connection,
    visible: VisibleStores,
    signal: AbortSignal,
  ) => Promise<Figures<S>>;
} = { primary: primaryFigures, secondary: secondaryFigures };

async function ask(
  server: Server,
  visible: VisibleStores,
  signal: AbortSignal,
): Promise<Overview[Server]> {
  using timeout = deadlineIn(TIMEOUT_MS);
  const either = AbortSignal.any([signal, timeout.signal]);
  const start = performance.now();
  const ms = () => Math.round(performance.now() - start);
  try {
    const connection = await connect(server, either);
    // This ping goes on when nobody waits any more, and so notices a connection that has to be opened anew.
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
    // The registry has an entry for each store: to read ten thousand of them costs some milliseconds.
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

/** The server's own count of a collection, which costs the same however large that is. */
function estimate<T>(
  { collection }: Model<T>,
  options: { signal: AbortSignal; readPreference?: 'secondaryPreferred' },
): Promise<number> {
  return retryOnce(() => collection.estimatedDocumentCount(options));
}

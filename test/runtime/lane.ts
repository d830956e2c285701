import { MongoClient } from 'mongodb';
import { type Catalog, type Clients, readCatalog, writeCatalog } from './databases/catalog.ts';
import { DEPLOYMENTS, type Deployment, forEachDeployment } from './databases/deployments.ts';
import { ServerProcess } from './databases/server-process.ts';
import { type State, stateOf } from './databases/state.ts';
import { settingsFor, Wire } from './databases/wire.ts';
import { Container } from './lambda/container.ts';
import type { Lab } from './part.ts';

/** Servers of its own, on which one round at a time runs. */
export class Lane implements AsyncDisposable {
  readonly lab: Lab;
  readonly servers: Record<Deployment, ServerProcess>;
  readonly clients: Clients;

  private constructor(lab: Lab, servers: Record<Deployment, ServerProcess>, clients: Clients) {
    this.lab = lab;
    this.servers = servers;
    this.clients = clients;
  }

  /**
   * Starts the servers, and writes the catalog.
   *
   * @param keepsData whether the servers still have their data after they were killed
   */
  static async start(lab: Lab, { keepsData = false } = {}): Promise<Lane> {
    const { servers, clients } = await startServers({ keepsData });
    const lane = new Lane(lab, servers, clients);
    await writeCatalog(clients, lab.catalog);
    return lane;
  }

  get uris(): Record<Deployment, string> {
    return forEachDeployment((name) => this.servers[name].uri);
  }

  /** Opens proxies for one container. */
  wire(): Promise<Wire> {
    return Wire.open(this.uris);
  }

  /** Starts a container, which connects through `wire`, or directly. */
  container(name: string, wire?: Wire, env: Record<string, string> = {}): Promise<Container> {
    const { client, artifacts } = this.lab;
    const settings = {
      ...(wire ? wire.env : settingsFor(this.uris)),
      // There are no other containers whose writes a closing store would have to wait for.
      STORE_DRAIN_MS: '0',
      ...env,
    };
    return Container.start({ client, name, folder: artifacts.folderOf(name), env: settings });
  }

  /**
   * Writes the catalog again.
   *
   * @param catalog by default, that of the examples
   */
  async reset(catalog: Catalog = this.lab.catalog): Promise<void> {
    await Promise.all(DEPLOYMENTS.map((name) => this.servers[name].clear()));
    await writeCatalog(this.clients, catalog);
  }

  /** Reads what the servers contain. */
  async state(): Promise<State> {
    return stateOf(await readCatalog(this.clients), this.lab.catalog);
  }

  /** Ends the reservations of keys, as if their time were over. */
  async endReservations(): Promise<void> {
    const catalog = await readCatalog(this.clients);
    const now = new Date(0);
    for (const { server, database, name } of catalog)
      if (name === 'idempotency')
        await this.clients[server]
          .db(database)
          .collection(name)
          .updateMany({}, { $set: { claimedUntil: now } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await stopServers(this.servers, this.clients);
  }
}

/** Starts a server without data for each deployment. */
export async function startServers({ keepsData = false } = {}) {
  const started = await Promise.all(
    DEPLOYMENTS.map(async (name) => [name, await ServerProcess.start({ keepsData })]),
  );
  const servers: Record<Deployment, ServerProcess> = Object.fromEntries(started);
  const clients = forEachDeployment((name) => new MongoClient(servers[name].uri));
  return { servers, clients };
}

export async function stopServers(
  servers: Record<Deployment, ServerProcess>,
  clients: Clients,
): Promise<void> {
  await Promise.all(DEPLOYMENTS.map((name) => clients[name].close()));
  await Promise.all(DEPLOYMENTS.map((name) => servers[name][Symbol.asyncDispose]()));
}

/** The rounds that run even if the time is over: without any, a part would not have seen anything. */
const FEWEST_ROUNDS = 20;

/** Runs `work` for every item, in their order, with one lane each. It stops when `isOver` says so. */
export async function onLanes<Item>(
  lanes: readonly Lane[],
  items: readonly Item[],
  {
    work,
    isOver = () => false,
  }: { work: (lane: Lane, item: Item) => Promise<void>; isOver?: () => boolean },
): Promise<number> {
  let next = 0;
  const run = async (lane: Lane) => {
    while (next < items.length && (next < FEWEST_ROUNDS || !isOver()))
      await work(lane, items[next++] as Item);
  };
  await Promise.all(lanes.map(run));
  return next;
}

/** Starts several lanes. */
export async function startLanes(lab: Lab, count: number): Promise<Lane[] & AsyncDisposable> {
  const lanes = await Promise.all(Array.from({ length: count }, () => Lane.start(lab)));
  return Object.assign(lanes, {
    async [Symbol.asyncDispose]() {
      await Promise.all(lanes.map((lane) => lane[Symbol.asyncDispose]()));
    },
  });
}

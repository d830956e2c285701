import { randomBytes } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { TestEnvironment } from 'jest-environment-node';
import { mongo } from 'mongoose';

/** The channel on which Node reports every socket that a program opens. */
const SOCKETS = 'net.client.socket';

/**
 * Gives a test file its servers and the part of its databases' names, and drops its databases afterwards. Unlike the modules
 * of a file, this one is loaded once per worker. A file that opened no socket has no databases, and need not load mongoose.
 */
export default class FileEnvironment extends TestEnvironment {
  #run = randomBytes(4).toString('hex');
  #servers = {};
  #connected = () => {
    this.global.hasConnected = true;
  };

  constructor(...options) {
    super(...options);
    const all = JSON.parse(process.env.TEST_SERVERS);
    this.#servers = all[(Number(process.env.JEST_WORKER_ID) - 1) % all.length];
    Object.assign(this.global, { run: this.#run, servers: this.#servers });
    subscribe(SOCKETS, this.#connected);
  }

  async teardown() {
    unsubscribe(SOCKETS, this.#connected);
    const { hasConnected } = this.global;
    await super.teardown();
    const uris = hasConnected ? new Set(Object.values(this.#servers)) : [];
    await Promise.all([...uris].map((uri) => this.#dropOn(uri)));
  }

  async #dropOn(uri) {
    const client = await mongo.MongoClient.connect(uri);
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true });
    for (const { name } of databases)
      if (name.includes(this.#run)) await client.db(name).dropDatabase();
    await client.close();
  }
}

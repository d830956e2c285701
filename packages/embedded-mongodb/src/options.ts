/**
 * The options of `startEmbeddedMongo`.
 *
 * @example
 * const options: EmbeddedMongoOptions = { port: 27017, replicaSet: 'rs0' };
 */
export interface EmbeddedMongoOptions {
  /** The port to listen on. Default: 0, which chooses a free port. */
  port?: number;
  /**
   * The name of the replica set whose only member and primary the server is. `null` is a standalone server, which has
   * neither transactions nor retryable writes. Default: `rs0`.
   */
  replicaSet?: string | null;
  /**
   * The address to listen on, which the server also announces to drivers as its own. Default:
   * `127.0.0.1`. Without `users`, any other address exposes the data of the server.
   */
  host?: string;
  /**
   * The users. With them, a client must sign in (SCRAM-SHA-256) and can do what its roles allow, as with `mongod
   * --auth`. Default: none, and every client can do everything.
   */
  users?: readonly EmbeddedMongoUser[];
  /**
   * The folder in which the data is stored, so that it is there again at the next start, also after the process was
   * killed. It is created if it does not exist, and only one server at a time can use it. Default: none, and the data is
   * only in memory.
   */
  dataFolder?: string;
  /** The certificate of the server. With it, the server accepts only TLS connections. Default: none. */
  tls?: EmbeddedMongoTls;
}

/**
 * A user, as for MongoDB's command `createUser`.
 *
 * @example
 * const app: EmbeddedMongoUser = { user: 'app', pwd: 'secret', roles: [{ role: 'readWrite', db: 'shop' }] };
 */
export interface EmbeddedMongoUser {
  user: string;
  pwd: string;
  /** Names of roles on the user's database, and roles on other databases. */
  roles: readonly (string | { role: string; db: string })[];
  /** The database at which the user signs in, which drivers call `authSource`. Default: `admin`. */
  db?: string;
}

/**
 * The certificate of a server, in PEM.
 *
 * @example
 * const tls: EmbeddedMongoTls = { key: readFileSync('key.pem'), cert: readFileSync('cert.pem') };
 */
export interface EmbeddedMongoTls {
  /** The private key. */
  key: string | Uint8Array;
  /** The certificate, which must name the host to which clients connect. */
  cert: string | Uint8Array;
  /** The authorities that sign the certificates of clients. With it, each client needs a certificate. */
  ca?: string | Uint8Array;
}

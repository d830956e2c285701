// Runs tasks with the slimmed driver: a test bundles it, and compares its output with that of the full driver.
// usage: node BUNDLE TASK [ARGUMENT …]
const mongoose = require('mongoose');
const { MongoClient, ClientEncryption } = mongoose.mongo;

/** The options that the driver parses from a connection string. */
function parse(uri) {
  try {
    const { options } = new MongoClient(uri);
    const { hosts, srvHost, credentials, tls, dbName, replicaSet, compressors, loadBalanced } =
      options;
    const { readPreference, writeConcern, retryWrites, appName, tlsCAFile, tlsInsecure } = options;
    return {
      ...{ hosts: hosts.map(String), srvHost, credentials, tls, dbName, replicaSet, compressors },
      ...{
        loadBalanced,
        readPreference,
        writeConcern,
        retryWrites,
        appName,
        tlsCAFile,
        tlsInsecure,
      },
    };
  } catch (error) {
    return { error: error.name, message: error.message };
  }
}

const thrown = (work) => {
  try {
    work();
    return null;
  } catch ({ name, message, dependencyName }) {
    return { name, message, dependencyName };
  }
};

async function connect(uri) {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 5_000 });
  try {
    const { ok } = await client.db().command({ ping: 1 });
    return { ok, loadsWebCrypto: process.moduleLoadList.some((name) => /webcrypto$/.test(name)) };
  } catch ({ name, message }) {
    return { name, message };
  } finally {
    await client.close();
  }
}

/** The connection string of a server, for a user who signs in without a password. */
const withUser = (uri, options) => {
  const url = new URL(uri);
  return `mongodb://user@${url.host}${url.pathname}?directConnection=true&${options}`;
};

const tasks = {
  parse: (...uris) => uris.map(parse),
  /** Requires missing packages. */
  missing: async (uri) => ({
    encryption: thrown(
      () => new ClientEncryption(new MongoClient(uri), { keyVaultNamespace: 'a.b' }),
    ),
    automatic: thrown(() => new MongoClient(uri, { autoEncryption: {} })),
    kerberos: await connect(withUser(uri, 'authMechanism=GSSAPI&authSource=$external')),
  }),
  exports: () => [
    Object.keys(mongoose).sort(),
    Object.keys(mongoose.mongo).sort(),
    // Sorted by name, including exports that are created when they are first read.
    Object.keys(mongoose.mongo)
      .sort()
      .map((name) => `${name} ${typeof mongoose.mongo[name]} ${mongoose.mongo[name]?.name}`),
  ],
  connect,
  /** The ids of a product and a session, as two containers create them at the same moment. */
  ids: async (uri) => {
    const client = new MongoClient(uri);
    const session = client.startSession();
    const id = session.id.id.toString('hex');
    await session.endSession();
    return { product: new mongoose.Types.ObjectId().toHexString(), session: id };
  },
};

const [, , name, ...args] = process.argv;
Promise.resolve(tasks[name](...args)).then((result) =>
  process.stdout.write(JSON.stringify(result), () => process.exit(0)),
);

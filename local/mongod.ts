/** A real `mongod`: a replica set with one member, in a temporary directory. */
export interface Mongod {
  uri: string;
  stop: () => Promise<void>;
}

/**
 * Starts a `mongod`, which mongodb-memory-server downloads the first time.
 *
 * @throws {Error} with a message of one line, when it cannot be downloaded or does not start
 */
export async function startMongod(replicaSet: string): Promise<Mongod> {
  const { MongoBinary, MongoMemoryReplSet } = await import('mongodb-memory-server-core');
  try {
    // The binary first: it may be missing, and a start without it prints a stack trace.
    await MongoBinary.getPath();
    const server = await MongoMemoryReplSet.create({ replSet: { count: 1, name: replicaSet } });
    return {
      uri: server.getUri(),
      stop: async () => {
        await server.stop();
      },
    };
  } catch (error) {
    const reason = (error as Error).message.replaceAll(/\s+/g, ' ');
    throw new Error(
      `Could not start mongod: ${reason}. Without --mongod, npm start needs no download.`,
    );
  }
}

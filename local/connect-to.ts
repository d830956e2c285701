import { mongo } from 'mongoose';

/**
 * Connects to a server, with a short timeout.
 *
 * @param name what a message calls the connection string, which it does not show because it holds a password
 * @throws {Error} with a message of one line, when the connection string is invalid or the server does not respond
 */
export async function connectTo(
  name: string,
  connectionString: string,
): Promise<mongo.MongoClient> {
  let client: mongo.MongoClient | undefined;
  try {
    client = new mongo.MongoClient(connectionString, { serverSelectionTimeoutMS: 5_000 });
    return await client.connect();
  } catch (error) {
    await client?.close();
    if (!(error instanceof mongo.MongoServerSelectionError))
      throw new Error(`${name} is not a valid connection string. See .env.example`);
    throw new Error(`The server in ${name} does not respond: ${error.message}`);
  }
}

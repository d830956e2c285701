import { isSignInFailure } from '@manystore/connections';
import { mongo } from 'mongoose';

/**
 * Connects to a server, with a short timeout.
 *
 * @param name what a message calls the connection string, which it does not show because it holds a password
 * @throws {Error} with a message of one line that says what is wrong and what to do, when the connection string is
 *   invalid, the server does not respond, or it rejects the user
 */
export async function connectTo(
  name: string,
  connectionString: string,
): Promise<mongo.MongoClient> {
  const fault = faultOf(connectionString);
  if (fault) throw new Error(`${name} ${fault}`);
  let client: mongo.MongoClient | undefined;
  try {
    client = new mongo.MongoClient(connectionString, { serverSelectionTimeoutMS: 5_000 });
    return await client.connect();
  } catch (error) {
    await client?.close();
    throw new Error(reasonFor(name, error as Error));
  }
}

/** Returns what is wrong with the form of a connection string, without showing it. */
function faultOf(connectionString: string): string | undefined {
  if (!/^mongodb(?:\+srv)?:\/\//.test(connectionString))
    return 'must begin with mongodb:// or mongodb+srv://. See .env.example';
  if (/<[^<>]*>/.test(connectionString))
    return 'contains a placeholder in angle brackets, such as <password>. Replace it, and percent-encode special characters';
  return undefined;
}

function reasonFor(name: string, error: Error): string {
  const { message, cause } = error;
  const causes = `${message} ${cause instanceof Error ? cause.message : ''}`;
  if (isSignInFailure(error) || /Authentication failed|bad auth/i.test(causes))
    return `The server in ${name} rejects the user name or the password. Check both, and the database of the user (authSource)`;
  if (/ENOTFOUND|EAI_AGAIN|querySrv|ENODATA/.test(causes))
    return `The host in ${name} does not resolve. Check its spelling and your network`;
  if (error instanceof mongo.MongoServerSelectionError)
    return `The server in ${name} does not respond: ${message}. Check that it is running and reachable from here`;
  return `${name} is not a valid connection string. Percent-encode special characters in the user name and the password. See .env.example`;
}

import { request } from 'node:http';
import { settings } from './settings.ts';
import { singleFlight } from './single-flight.ts';

/** What nobody else may know. */
export interface Secrets {
  /** The connection strings. */
  primary: string;
  secondary: string;
  /** Signs the cursors of lists. All functions of a deployment share it. */
  cursor: string;
}

/** The secrets cannot be had. What is wrong with them stands in the message; they themselves never do. */
export class SecretsUnavailable extends Error {
  override readonly name = 'SecretsUnavailable';
}

let loaded: Secrets | undefined;

/**
 * The secrets: of the environment on one's own machine, and in AWS of a SecureString of Systems Manager's
 * Parameter Store, whose value is JSON with the members of {@link Secrets}. It is read once per container,
 * through AWS' own extension for Lambda, which signs the request with the function's role: no SDK is loaded.
 *
 * @throws {SecretsUnavailable} when the parameter cannot be read; the next call tries again
 */
export const loadSecrets = singleFlight(async (): Promise<Secrets> => {
  const { secrets } = settings;
  loaded = secrets.parameter !== undefined ? await readParameter(secrets) : secrets;
  return loaded;
});

/** The secrets, for those who cannot wait: whoever runs in the chain of a request comes after `loadSecrets()`. */
export function secrets(): Secrets {
  if (!loaded) throw new SecretsUnavailable('They are not loaded');
  return loaded;
}

const NAMES = ['primary', 'secondary', 'cursor'] as const;

type Place = Extract<typeof settings.secrets, { parameter: string }>;

async function readParameter({ parameter: name, extension }: Place): Promise<Secrets> {
  const query = `${new URLSearchParams({ name })}&withDecryption=true`;
  const text = await ask(extension, `/systemsmanager/parameters/get?${query}`);
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(JSON.parse(text).Parameter.Value);
  } catch {
    throw new SecretsUnavailable('The parameter is not JSON');
  }
  const missing = NAMES.filter((member) => typeof value[member] !== 'string');
  if (missing.length > 0)
    throw new SecretsUnavailable(`The parameter has no text for ${missing.join(', ')}`);
  return value as unknown as Secrets;
}

/** Asks the AWS Parameters and Secrets Lambda Extension, which listens beside the function. */
function ask({ port, token }: Place['extension'], path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(new SecretsUnavailable(reason));
    const headers = { 'X-Aws-Parameters-Secrets-Token': token };
    const sent = request({ host: 'localhost', port, path, headers, timeout: 5_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(text)
          : fail(`The extension answered with ${response.statusCode}`),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error('The extension does not answer')));
    sent.on('error', (error) => fail(error.message));
    sent.end();
  });
}

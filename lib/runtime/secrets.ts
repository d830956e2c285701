import { singleFlight } from '@manystore/connections';
import { type ParameterPlace, readParameter } from './parameter-store.ts';
import { settings } from './settings.ts';

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
 * Parameter Store, whose value is JSON with the members of {@link Secrets}. It is read once per container.
 *
 * @throws {SecretsUnavailable} when the parameter cannot be read; the next call tries again
 */
export const loadSecrets = singleFlight(async (): Promise<Secrets> => {
  const { secrets } = settings;
  loaded = secrets.parameter !== undefined ? await readSecrets(secrets) : secrets;
  return loaded;
});

/** The secrets, for those who cannot wait: whoever runs in the chain of a request comes after `loadSecrets()`. */
export function secrets(): Secrets {
  if (!loaded) throw new SecretsUnavailable('They are not loaded');
  return loaded;
}

const NAMES = ['primary', 'secondary', 'cursor'] as const;

async function readSecrets(place: ParameterPlace): Promise<Secrets> {
  const text = await readParameter(place).catch((error) => {
    throw new SecretsUnavailable(error.message);
  });
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SecretsUnavailable('The parameter is not JSON');
  }
  const missing = NAMES.filter((member) => typeof value?.[member] !== 'string');
  if (missing.length > 0)
    throw new SecretsUnavailable(`The parameter has no text for ${missing.join(', ')}`);
  return value as unknown as Secrets;
}

import { singleFlight } from '@manystore/connections';
import { type ParameterPlace, readParameter } from './parameter-store.ts';
import { SERVER_NAMES } from './servers.ts';
import { faultOfCursorSecret, type Secrets, settings } from './settings.ts';

/** The secrets cannot be loaded. The message says why and never holds a secret. */
export class SecretsUnavailable extends Error {
  override readonly name = 'SecretsUnavailable';
}

let loaded: Secrets | undefined;

/**
 * Loads the secrets, once per container: locally from the environment, in AWS from a SecureString of Systems Manager's
 * Parameter Store, whose value is JSON with the members of {@link Secrets}.
 *
 * @throws {SecretsUnavailable} when the parameter cannot be read; the next call tries again
 */
export const loadSecrets = singleFlight(async (): Promise<Secrets> => {
  const { secrets } = settings();
  loaded = 'parameter' in secrets ? await readSecrets(secrets) : secrets;
  return loaded;
});

/**
 * The secrets, for code that cannot wait: whatever runs in an operation comes after `loadSecrets()`.
 *
 * @throws {SecretsUnavailable} when they are not loaded yet
 */
export function secrets(): Secrets {
  if (!loaded) throw new SecretsUnavailable('The secrets are not loaded yet');
  return loaded;
}

const MEMBERS = [...SERVER_NAMES, 'cursor'] as const;

async function readSecrets(place: ParameterPlace): Promise<Secrets> {
  const text = await readParameter(place).catch((error) => {
    throw new SecretsUnavailable(error.message);
  });
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SecretsUnavailable('The value of the secrets parameter is not valid JSON');
  }
  const missing = MEMBERS.filter((member) => !isText(value?.[member]));
  if (missing.length > 0)
    throw new SecretsUnavailable(
      `The value of the secrets parameter lacks a string for ${missing.join(', ')}`,
    );
  const secrets = value as unknown as Secrets;
  const fault = faultOfCursorSecret(secrets.cursor);
  if (fault) throw new SecretsUnavailable(`\`cursor\` in the secrets parameter ${fault}`);
  return secrets;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

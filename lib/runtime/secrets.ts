import { type ParameterSource, readParameter } from './parameter-store.ts';
import { reread } from './reread.ts';
import { SERVER_NAMES } from './servers.ts';
import { faultOfCursorSecret, type Secrets, settings } from './settings.ts';

/** The secrets cannot be loaded. The message says why, and contains no secret. */
export class SecretsUnavailable extends Error {
  override readonly name = 'SecretsUnavailable';
}

/**
 * The secrets: from the environment locally, and from Systems Manager's Parameter Store in AWS, where they are a SecureString
 * with the JSON of {@link Secrets}. A container reads that once, and again after a server has rejected their user. Reading
 * them throws {@link SecretsUnavailable} when that fails.
 */
export const secretsSource = reread(async (): Promise<Secrets> => {
  const { secrets } = settings();
  return 'parameter' in secrets ? readSecrets(secrets) : secrets;
});

/**
 * Returns the secrets without waiting. Operations can use it, because they are loaded before an operation runs.
 *
 * @throws {SecretsUnavailable} when they are not loaded yet
 */
export function secrets(): Secrets {
  const { value } = secretsSource;
  if (!value) throw new SecretsUnavailable('The secrets are not loaded yet');
  return value;
}

const MEMBERS = [...SERVER_NAMES, 'cursor'] as const;

async function readSecrets(source: ParameterSource): Promise<Secrets> {
  const text = await readParameter(source).catch((error) => {
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

import { existsSync } from 'node:fs';
import { UsageError } from '../local/command.ts';

/** The stage of the commands without `--stage`, as in serverless.yml. */
export const DEFAULT_STAGE = 'dev';

/**
 * Loads the settings of a stage from `.env.<stage>`, if there is such a file. A variable of the environment has priority.
 *
 * @throws {UsageError} if the stage is not a name that fits into the names of its resources
 */
export function loadStage(stage: string): void {
  if (!/^[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?$/.test(stage))
    throw new UsageError(
      'The stage must be up to 20 lower-case letters, digits and hyphens, starting with a letter',
    );
  const file = `.env.${stage}`;
  if (existsSync(file)) process.loadEnvFile(file);
}

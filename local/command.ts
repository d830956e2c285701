import { existsSync } from 'node:fs';

/** A command was called with arguments that it does not accept. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Runs a command of `package.json` with the settings of `.env`, and sets the exit code. An error is printed in one line,
 * followed by the usage if the arguments are wrong.
 *
 * @param usage the command with its arguments, in a line
 * @param main returns the exit code
 */
export async function runCommand(usage: string, main: () => Promise<number>): Promise<void> {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
    process.exitCode = await main();
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    const isUsage = error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS');
    process.stderr.write(`${message}\n${isUsage ? `usage: ${usage}\n` : ''}`);
    process.exitCode = 1;
  }
}

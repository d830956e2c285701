import { existsSync } from 'node:fs';

/** A command was called with arguments that it does not take. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Runs a command of `package.json` with the settings of `.env`, and ends the process. What goes wrong is told
 * in one line, and the usage behind it if that is what is wrong.
 *
 * @param usage the command with its arguments, in a line
 * @param main gives the exit code
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

import { existsSync } from 'node:fs';
import { closest, distance } from 'fastest-levenshtein';

/** A command was called with arguments that it does not accept. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A command of `package.json`. */
export interface Command {
  /** The command with its arguments, in a line. */
  usage: string;
  /** What it does, for `--help`, with its other options. */
  about: string;
  /** Whether to load `.env`, which configures `npm start`. The default is true. */
  loadsEnvFile?: boolean;
  /** Returns the exit code. */
  main: () => Promise<number>;
}

/**
 * Runs a command, by default with the settings of `.env`, and sets the exit code. `--help` prints what it does. An error is printed in
 * one line, followed by the usage if the arguments are wrong.
 */
export async function runCommand(command: Command): Promise<void> {
  const { usage, about, loadsEnvFile = true, main } = command;
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${about}\n\nusage: ${usage}\n`);
    return;
  }
  try {
    if (loadsEnvFile && existsSync('.env')) process.loadEnvFile('.env');
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`${errorText(error as Error, command)}\n`);
    process.exitCode = 1;
  }
}

function errorText(error: Error & { code?: unknown }, command: Command): string {
  // The code of a server's error is a number.
  const isUsage = error instanceof UsageError || String(error.code).startsWith('ERR_PARSE_ARGS');
  if (!isUsage) return error.message ?? String(error);
  return `${inOneLine(error, command)}\nusage: ${command.usage}`;
}

/** Returns an error's message; for an unknown option, with the one that was probably meant instead of Node's advice. */
function inOneLine({ message }: Error, { usage, about }: Command): string {
  const [known, option = ''] = /^Unknown option '(-[^']*)'/.exec(message) ?? [];
  if (!known) return message.split('\n').join(' ');
  return `${known}${suggestion(option, `${usage} ${about}`.match(/--[\w-]+/g) ?? [])}`;
}

/**
 * Returns `. Did you mean sync-mirror?` if one of the names is similar to the given one, and an empty string otherwise.
 *
 * @example `Unknown task ${name}${suggestion(name, tasks)}`
 */
export function suggestion(name: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const similar = closest(name, names);
  const isSimilar = distance(name, similar) <= Math.max(2, similar.length / 3);
  return isSimilar ? `. Did you mean ${similar}?` : '';
}

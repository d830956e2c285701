import type { Handler } from '../command.ts';
import { aggregateCommands } from './aggregate.ts';
import { alterCommands } from './alter.ts';
import { collectionCommands } from './collections.ts';
import { cursorCommands } from './cursor.ts';
import { deleteCommands } from './delete.ts';
import { diagnosticCommands } from './diagnostics.ts';
import { explainCommands } from './explain.ts';
import { findCommands } from './find.ts';
import { findAndModifyCommands } from './find-and-modify.ts';
import { helloCommands } from './hello.ts';
import { indexCommands } from './indexes.ts';
import { insertCommands } from './insert.ts';
import { inspectionCommands } from './inspection.ts';
import { parameterCommands } from './parameters.ts';
import { sessionCommands } from './session.ts';
import { signInCommands } from './sign-in.ts';
import { statisticsCommands } from './statistics.ts';
import { transactionCommands } from './transaction.ts';
import { updateCommands } from './update.ts';
import { userCommands } from './users.ts';

const families: Record<string, Handler>[] = [
  { listCommands: (command) => listCommands(command) },
  helloCommands,
  signInCommands,
  userCommands,
  diagnosticCommands,
  inspectionCommands,
  parameterCommands,
  sessionCommands,
  transactionCommands,
  collectionCommands,
  alterCommands,
  statisticsCommands,
  explainCommands,
  indexCommands,
  insertCommands,
  updateCommands,
  deleteCommands,
  findAndModifyCommands,
  findCommands,
  cursorCommands,
  aggregateCommands,
];

/** Lists all commands. */
const listCommands: Handler = () => {
  const names = commandNames();
  const about = { help: '', requiresAuth: false, secondaryOk: true };
  return { commands: Object.fromEntries(names.map((name) => [name, about])) };
};

/** Returns the names of all commands. */
export function commandNames(): string[] {
  return families.flatMap((family) => Object.keys(family)).sort();
}

const table = new Map(
  families.flatMap((family) =>
    Object.entries(family).map(([name, handler]) => [name.toLowerCase(), handler] as const),
  ),
);

/**
 * Returns the handler of a command, or undefined if it is unknown.
 *
 * @param name the name in any case, because drivers differ
 */
export function commandNamed(name: string): Handler | undefined {
  return table.get(name.toLowerCase());
}

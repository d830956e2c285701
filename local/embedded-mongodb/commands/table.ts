import type { Handler } from '../command.ts';
import { aggregateCommands } from './aggregate.ts';
import { collectionCommands } from './collections.ts';
import { cursorCommands } from './cursor.ts';
import { deleteCommands } from './delete.ts';
import { diagnosticCommands } from './diagnostics.ts';
import { findCommands } from './find.ts';
import { findAndModifyCommands } from './find-and-modify.ts';
import { helloCommands } from './hello.ts';
import { indexCommands } from './indexes.ts';
import { insertCommands } from './insert.ts';
import { sessionCommands } from './session.ts';
import { updateCommands } from './update.ts';

const families = [
  helloCommands,
  diagnosticCommands,
  sessionCommands,
  collectionCommands,
  indexCommands,
  insertCommands,
  updateCommands,
  deleteCommands,
  findAndModifyCommands,
  findCommands,
  cursorCommands,
  aggregateCommands,
];

const table = new Map(
  families.flatMap((family) =>
    Object.entries(family).map(([name, handler]) => [name.toLowerCase(), handler] as const),
  ),
);

/**
 * The handler of a command.
 *
 * @param name as the client spelled it; drivers differ in its case
 */
export function commandNamed(name: string): Handler | undefined {
  return table.get(name.toLowerCase());
}

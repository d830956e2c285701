import { readdirSync } from 'node:fs';
import type { Contract } from '#lib/http/contract.ts';
import type { Operation } from '#lib/http/operation.ts';
import type { Task } from '#lib/http/task.ts';
import type { TaskContract } from '#lib/http/task-contract.ts';

const folder = new URL('../functions/', import.meta.url);

/** Imports every function of functions/, by the name of its file: HTTP operations, and tasks. */
export async function allFunctions(): Promise<{
  operations: Map<string, Operation<Contract>>;
  tasks: Map<string, Task<TaskContract>>;
}> {
  const operations = new Map<string, Operation<Contract>>();
  const tasks = new Map<string, Task<TaskContract>>();
  for (const file of readdirSync(folder).sort()) {
    const { handler } = await import(new URL(file, folder).pathname);
    const kind = 'routes' in handler.contract ? operations : tasks;
    kind.set(file.replace('.ts', ''), handler);
  }
  return { operations, tasks };
}

import { readdirSync } from 'node:fs';
import type { Contract } from '../../lib/contract.ts';
import type { Operation } from '../../lib/operation.ts';

const folder = new URL('../../functions/', import.meta.url);

/** Every operation of functions/, by the name of its file. */
export async function allOperations(): Promise<Map<string, Operation<Contract>>> {
  const operations = new Map<string, Operation<Contract>>();
  for (const file of readdirSync(folder).sort()) {
    const { handler } = await import(new URL(file, folder).pathname);
    operations.set(file.replace('.ts', ''), handler);
  }
  return operations;
}

import { parentPort, workerData } from 'node:worker_threads';

/*
 * A container whose clock is wrong: a worker thread that runs the deployed handlers, and has its own `Date`. Its clock is
 * shifted before any other module is loaded.
 */

/** What it receives: how far its clock is from the correct one in milliseconds, and what to run. */
export interface Order {
  shift: number;
  name: string;
  /** The request to an operation; the input of a task. */
  input: object;
}

const { drainMs } = workerData as { drainMs: number };
process.env.STORE_DRAIN_MS = String(drainMs);

let shift = 0;
const CorrectDate = Date;
class ShiftedDate extends CorrectDate {
  constructor(...parts: unknown[]) {
    super(...((parts.length === 0 ? [CorrectDate.now() + shift] : parts) as [number]));
  }
  static override now = () => CorrectDate.now() + shift;
}
// Mongoose recognizes the type of a field by this name.
Object.defineProperty(ShiftedDate, 'name', { value: 'Date' });
globalThis.Date = ShiftedDate as DateConstructor;

const { call, invoke } = await import('./gateway.ts');

parentPort?.on('message', async ({ shift: current, name, input }: Order) => {
  shift = current;
  try {
    const { handler } = await import(`../../functions/${name}.ts`);
    const isOperation = 'routes' in handler.contract;
    const result = await (isOperation ? call(handler, input) : invoke(handler, input));
    parentPort?.postMessage({ result });
  } catch (error) {
    parentPort?.postMessage({ error });
  }
});

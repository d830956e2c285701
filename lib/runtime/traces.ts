import { AsyncLocalStorage } from 'node:async_hooks';
import type { mongo } from 'mongoose';
import { tracing } from './settings.ts';
import type { Span } from './span.ts';

/*
 * Traces: for each request and task, how long its middlewares, connections and database commands took. They are off by default, and
 * then nothing is measured. Commands are observed with the driver's command monitoring, because hooks that instrument
 * modules when they are loaded find none in a bundle.
 */

/** A task sends thousands of commands, and a message to X-Ray has at most 64 KB. */
export const MAX_CHILDREN = 100;

const current = new AsyncLocalStorage<Span>();

const now = () => performance.timeOrigin + performance.now();

/** Adds a part to a span, or only counts it if there are too many. */
export function addTo(parent: Span, child: Span): void {
  if (parent.children.length < MAX_CHILDREN) parent.children.push(child);
  else parent.omitted += 1;
}

/** Runs a part of the current request as a span. Without tracing, or outside of a request, it only runs it. */
export function span<R>(name: string, run: () => R): R {
  const parent = tracing() === 'off' ? undefined : current.getStore();
  if (!parent) return run();
  return measured(name, run, (child) => addTo(parent, child));
}

/** Runs a request or a task as the root of a trace, which is exported when it ends. Without tracing, it only runs it. */
export function traceRequest<R>(name: string, run: () => Promise<R>): Promise<R> {
  const exporter = tracing();
  if (exporter === 'off') return run();
  let root: Span | undefined;
  const ended = measured(name, run, (begun) => {
    root = begun;
  });
  return ended.finally(async () => {
    const { exportTrace } = await import('./trace-export.ts');
    if (root) exportTrace(root, exporter);
  });
}

function measured<R>(name: string, run: () => R, onBegun: (begun: Span) => void): R {
  const begun: Span = {
    name,
    startedAt: now(),
    endedAt: 0,
    hasFailed: false,
    children: [],
    omitted: 0,
  };
  onBegun(begun);
  const end = (hasFailed: boolean) => {
    begun.endedAt = now();
    begun.hasFailed = hasFailed;
  };
  try {
    const result = current.run(begun, run);
    if (result instanceof Promise)
      result.then(
        () => end(false),
        () => end(true),
      );
    else end(false);
    return result;
  } catch (error) {
    end(true);
    throw error;
  }
}

/** What the driver reports of a command that has ended, with its duration in milliseconds. */
interface CommandEnd {
  commandName: string;
  duration: number;
}

/** Adds a span for each command that a client sends, named by the command and its server, such as `find primary`. */
export function traceCommands(client: mongo.MongoClient, server: string): void {
  if (tracing() === 'off') return;
  const add = ({ commandName, duration }: CommandEnd, hasFailed: boolean) => {
    const parent = current.getStore();
    if (!parent) return;
    const endedAt = now();
    addTo(parent, {
      name: `${commandName} ${server}`,
      // The driver knows the duration in whole milliseconds.
      startedAt: Math.max(endedAt - duration, parent.startedAt),
      endedAt,
      hasFailed,
      children: [],
      omitted: 0,
    });
  };
  client.on('commandSucceeded', (event) => add(event, false));
  client.on('commandFailed', (event) => add(event, true));
}

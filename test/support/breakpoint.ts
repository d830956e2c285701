import { once } from 'node:events';
import { createServer } from 'node:http';
import { SourceMap } from 'node:module';
import type { AddressInfo } from 'node:net';
import { type Inspector, openInspector } from './inspector.ts';

/** Where a program is paused. */
export interface Pause {
  /** The line of the source, counted from 1. */
  line: number;
  /** Evaluates an expression in the scope of the paused function. */
  evaluate: (expression: string) => Promise<unknown>;
}

/** A breakpoint in every process that has `env` and in their worker threads. */
export interface Breakpoint extends AsyncDisposable {
  /** The variables with which a debugger attaches to all processes of a program. */
  env: { NODE_OPTIONS: string };
  /** The first time that a program reaches it. */
  reached: Promise<Pause>;
}

/** Finds the place in the source from which a place in a script was made. */
type Place = (generated: { line: number; column: number }) => { line: number; column: number };

/** Runs in each process before its program: opens the inspector, and waits until the breakpoint is set. */
const preload = (reportTo: string) => `
  import { open, url } from 'node:inspector';
  import { isMainThread } from 'node:worker_threads';
  if (isMainThread) {
    open(0, '127.0.0.1');
    await fetch('${reportTo}', { method: 'POST', body: url() });
  }`;

/**
 * Sets a breakpoint as an editor's debugger does: it enters all processes of a program through NODE_OPTIONS, and finds
 * the line in the running code through source maps.
 *
 * @param file the source, from the root of the project
 * @param line its line, counted from 1
 */
export async function setBreakpoint(file: string, line: number): Promise<Breakpoint> {
  const reached = Promise.withResolvers<Pause>();
  const sessions: AsyncDisposable[] = [];
  let paused: Inspector | undefined;
  const server = createServer(async (request, response) => {
    const inspector = await openInspector(await textOf(request));
    sessions.push(inspector);
    const inspect = (session: Inspector) =>
      pauseAt(session, file, line, (pause) => {
        paused = session;
        reached.resolve(pause);
      });
    await inspect(inspector);
    await inspector.eachWorker(inspect);
    response.setHeader('connection', 'close').end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const code = Buffer.from(preload(`http://127.0.0.1:${port}`)).toString('base64');
  return {
    env: { NODE_OPTIONS: `--import=data:text/javascript;base64,${code}` },
    reached: reached.promise,
    [Symbol.asyncDispose]: async () => {
      // What is paused goes on. A worker thread does not do so when the session of its process ends.
      await paused?.send('Debugger.disable');
      paused = undefined;
      await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]()));
      server.close();
    },
  };
}

async function pauseAt(
  session: Inspector,
  file: string,
  line: number,
  reached: (pause: Pause) => void,
): Promise<void> {
  const placed: Promise<unknown>[] = [];
  let toSource: Place = (place) => place;
  session.on('Debugger.scriptParsed', ({ url, scriptId, sourceMapURL }) => {
    // A module that was loaded again has a query.
    if (!url.replace(/\?.*$/, '').endsWith(`/${file}`)) return;
    const place = async () => {
      const { scriptSource } = await session.send('Debugger.getScriptSource', { scriptId });
      if (sourceMapURL) toSource = placesOf(sourceMapURL);
      const { line: lineNumber, column: columnNumber } = firstOfLine(scriptSource, toSource, line);
      const location = { scriptId, lineNumber, columnNumber };
      await session.send('Debugger.setBreakpoint', { location });
    };
    placed.push(place());
  });
  session.on('Debugger.paused', async ({ reason, hitBreakpoints, callFrames: [frame] }) => {
    if (hitBreakpoints?.length && reason !== 'instrumentation') {
      const { lineNumber, columnNumber } = frame.location;
      reached({
        line: toSource({ line: lineNumber, column: columnNumber }).line + 1,
        evaluate: async (expression) => {
          const params = { callFrameId: frame.callFrameId, expression, returnByValue: true };
          const { result } = await session.send('Debugger.evaluateOnCallFrame', params);
          return result.value;
        },
      });
      return;
    }
    // The start of a thread, or of a script: it runs once the breakpoint is in it.
    await Promise.all(placed);
    await session.send('Debugger.resume');
  });
  await session.send('Debugger.enable');
  await session.send('Debugger.setInstrumentationBreakpoint', {
    instrumentation: 'beforeScriptWithSourceMapExecution',
  });
}

/** What the source map in a `data:` URL says. */
function placesOf(sourceMapURL: string): Place {
  const [, base64 = ''] = sourceMapURL.split(',');
  const map = new SourceMap(JSON.parse(Buffer.from(base64, 'base64').toString()));
  return ({ line, column }) => {
    const entry = map.findEntry(line, column);
    return 'originalLine' in entry
      ? { line: entry.originalLine, column: entry.originalColumn }
      : { line: -1, column: -1 };
  };
}

function firstOfLine(script: string, toSource: Place, wanted: number) {
  for (const [line, text] of script.split('\n').entries())
    for (let column = 0; column <= text.length; column++)
      if (toSource({ line, column }).line === wanted - 1) return { line, column };
  throw new Error(`No code was made of line ${wanted}`);
}

async function textOf(request: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

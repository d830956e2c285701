import { Transform, type TransformCallback } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { styleText } from 'node:util';
import type { GatewayLine } from './gateway-log.ts';

/** A line of the log: of a function, or of the gateway. */
type Line = Partial<Omit<GatewayLine, 'message'>> & {
  message?: string;
  level?: string;
  operation?: string;
  problem?: string;
  connection?: string;
  error?: LoggedError;
  [figure: string]: unknown;
};

interface LoggedError {
  name?: string;
  message?: string;
  at?: string[];
  cause?: LoggedError;
}

/** What serverless-offline prints about each request, in words of its own. */
const NOISE = /^(?:[A-Z]+ \S+ \(λ: \S+\)|\(λ: \S+\) RequestId: .*|)$/;

/** The maximum number of requests whose lines wait for that of the gateway. */
const MAX_WAITING = 1_000;

/** The formats of the log: JSON as in CloudWatch, or text for a person at a terminal. */
export type LogFormat = 'json' | 'text';

/**
 * Returns a function that formats a line of the local API's output, or returns undefined for one that is not shown: empty
 * lines, and what serverless-offline prints about each request.
 *
 * As text, each HTTP request and each task is one line; an error is followed by its cause. Connecting is not shown, but
 * trouble with connections is. As JSON, lines are unchanged, and the gateway's are shown only for requests that reached
 * no function.
 *
 * @param isColored whether text has the colours of a terminal
 */
export function lineFormatter(
  format: LogFormat,
  isColored = false,
): (line: string) => string | undefined {
  if (format === 'json') return jsonLine;
  const text = new TextLog(isColored);
  return (line) => text.line(line);
}

/** Creates a stream that passes each line through `format`. */
export function formatLines(format: (line: string) => string | undefined): Transform {
  const decoder = new StringDecoder();
  let rest = '';
  const write = (stream: Transform, lines: string[]) => {
    for (const line of lines) {
      const shown = format(line);
      if (shown !== undefined) stream.push(`${shown}\n`);
    }
  };
  return new Transform({
    transform(chunk: Buffer, _, done: TransformCallback) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      write(this, lines);
      done();
    },
    flush(done: TransformCallback) {
      write(this, rest ? [rest] : []);
      done();
    },
  });
}

function jsonLine(line: string): string | undefined {
  const parsed = parse(line);
  if (!parsed) return NOISE.test(line) ? undefined : line;
  return parsed.message === 'gateway' && parsed.requestId !== undefined ? undefined : line;
}

function parse(line: string): Line | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Formats lines as text. The line of a function waits for the line of the gateway with the same request id. */
class TextLog {
  readonly #isColored: boolean;
  readonly #waiting = new Map<string, Line>();

  constructor(isColored: boolean) {
    this.#isColored = isColored;
  }

  /** Returns the text of a line; undefined if it is not shown. */
  line(line: string): string | undefined {
    const parsed = parse(line);
    if (!parsed) return NOISE.test(line) ? undefined : line;
    const { message, level, requestId = '' } = parsed;
    // The line has only metrics.
    if (message === undefined) return undefined;
    if (message === 'request') {
      if (this.#waiting.size >= MAX_WAITING) this.#waiting.clear();
      this.#waiting.set(requestId, parsed);
      return undefined;
    }
    if (message === 'gateway') {
      const invocation = this.#waiting.get(requestId);
      this.#waiting.delete(requestId);
      return this.#request(parsed, invocation);
    }
    if (message === 'task') return this.#task(parsed);
    if (message.startsWith('connection.') && level === 'INFO') return undefined;
    return this.#other(parsed);
  }

  #request({ timestamp, method, url, status = 0, ms }: Line, invocation: Line = {}): string {
    const what = `${method} ${url}`;
    const words = [this.#time(timestamp), this.#status(status), what, this.#dim(`${ms} ms`)];
    return this.#withError([...words, invocation.problem ?? ''], invocation.error);
  }

  #task({ timestamp, status = 0, operation, ms, problem, error, ...rest }: Line): string {
    // Not the members of every line: `sampling_rate`, and metrics such as `Duration`.
    const figures = Object.entries(rest)
      .filter(([name, value]) => typeof value === 'number' && /^[a-z][a-zA-Z]*$/.test(name))
      .map(([name, value]) => `${name}=${value}`);
    const words = [this.#time(timestamp), this.#status(status), operation ?? ''];
    return this.#withError([...words, this.#dim(`${ms} ms`), ...figures, problem ?? ''], error);
  }

  #other({ timestamp, message = '', level, connection = '', error }: Line): string {
    const name = level === 'INFO' ? message : this.#color('yellow', message);
    return this.#withError([this.#time(timestamp), name, connection], error);
  }

  #withError(words: string[], error: LoggedError | undefined): string {
    const causes: string[] = [];
    for (let cause = error; cause; cause = cause.cause) {
      causes.push(`    ${cause.name ?? 'Error'}${cause.message ? `: ${cause.message}` : ''}`);
      causes.push(...(cause.at ?? []).slice(0, 3).map((frame) => this.#dim(`      ${frame}`)));
    }
    return [words.filter(Boolean).join(' '), ...causes].join('\n');
  }

  #time(timestamp: string | undefined): string {
    const date = new Date(timestamp ?? Number.NaN);
    return this.#dim(Number.isNaN(date.getTime()) ? '' : date.toTimeString().slice(0, 8));
  }

  #status(status: number): string {
    return this.#color(status >= 500 ? 'red' : status >= 400 ? 'yellow' : 'green', String(status));
  }

  #dim = (text: string): string => this.#color('dim', text);

  #color(color: 'red' | 'yellow' | 'green' | 'dim', text: string): string {
    return this.#isColored && text ? styleText(color, text, { validateStream: false }) : text;
  }
}

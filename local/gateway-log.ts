import type { IncomingMessage, ServerResponse } from 'node:http';

/** A line about an HTTP request, as API Gateway's access log has one: also for requests that reach no function. */
export interface GatewayLine {
  message: 'gateway';
  timestamp: string;
  method: string;
  /** The path with its query. */
  url: string;
  status: number;
  ms: number;
  /** The id of the function's invocation, if the request reached one. */
  requestId?: string;
}

/** Writes a {@link GatewayLine} when a response has been sent, or its client has gone. */
export function logResponse(
  { method = '', url = '' }: IncomingMessage,
  response: ServerResponse,
  write: (line: string) => void = console.log,
): void {
  const start = performance.now();
  response.once('close', () => {
    const requestId = response.getHeader('x-request-id');
    const line: GatewayLine = {
      message: 'gateway',
      timestamp: new Date().toISOString(),
      method,
      url,
      status: response.statusCode,
      ms: Math.round(performance.now() - start),
      ...(requestId === undefined ? {} : { requestId: String(requestId) }),
    };
    write(JSON.stringify(line));
  });
}

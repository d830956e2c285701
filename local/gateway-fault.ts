import type { ServerResponse } from 'node:http';

/**
 * Gives the response of a function that failed the status and body that API Gateway gives it: 500, or 503 if the
 * function exceeded its timeout. serverless-offline answers 200, with the error and its stack.
 */
export function replaceFault(response: ServerResponse): void {
  const { writeHead, write, end } = response;
  let head: Parameters<typeof writeHead> | undefined;

  /** Restores the response, and sends its head. Returns whether it was replaced. */
  const begin = (chunk: unknown): boolean => {
    Object.assign(response, { writeHead, write, end });
    const [status = response.statusCode] = head ?? [];
    const fault = status === 200 ? faultIn(chunk) : undefined;
    if (!fault) {
      if (head) response.writeHead(...head);
      return false;
    }
    const body = JSON.stringify({ message: fault.message });
    response.setHeader('content-type', 'application/json');
    response.setHeader('content-length', Buffer.byteLength(body));
    response.writeHead(fault.status);
    response.end(body);
    return true;
  };
  Object.assign(response, {
    writeHead: (...parameters: Parameters<typeof writeHead>) => {
      head = parameters;
      return response;
    },
    write: (...parameters: Parameters<typeof write>) =>
      begin(parameters[0]) || response.write(...parameters),
    end: (...parameters: Parameters<typeof end>) =>
      begin(parameters[0]) ? response : response.end(...parameters),
  });
}

/** How serverless-offline's response to a failed function begins. */
const FAULT = /^\{"errorMessage":"(\[504\])?/;

function faultIn(chunk: unknown): { status: number; message: string } | undefined {
  const text = chunk instanceof Uint8Array ? Buffer.from(chunk).toString() : chunk;
  const [found, timeout] = (typeof text === 'string' && FAULT.exec(text)) || [];
  if (found === undefined) return undefined;
  return timeout === undefined
    ? { status: 500, message: 'Internal Server Error' }
    : { status: 503, message: 'Service Unavailable' };
}

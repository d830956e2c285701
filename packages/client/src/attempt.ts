import type { PreparedRequest } from './request.ts';

/** The part of `fetch` that the client uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The largest delay of a timer. */
const FOREVER = 2 ** 31 - 1;

/**
 * Sends a request once, and reads the whole response.
 *
 * @param timeoutMs the time in milliseconds in which the response must be complete
 * @throws the signal's reason if it is aborted; otherwise the error of `fetch`, or a TimeoutError
 */
export async function attempt(
  fetch: Fetch,
  { url, ...request }: PreparedRequest,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<{ response: Response; text: string }> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const timeout = new DOMException(`The response took more than ${timeoutMs} ms`, 'TimeoutError');
  const timer = setTimeout(() => controller.abort(timeout), Math.min(timeoutMs, FOREVER));
  // A listener that is removed again, because a signal of the caller may outlive many calls.
  const abort = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', abort);
  try {
    const { body, ...init } = request;
    const response = await fetch(url, {
      ...init,
      ...(body === undefined ? {} : { body }),
      signal: controller.signal,
    });
    return { response, text: await response.text() };
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** Waits, or throws the signal's reason when it is aborted. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
  signal?.throwIfAborted();
}

/** A running service, and an access token for it. */
export interface Service {
  url: string;
  token: string;
}

/** Returns the URL of the service: the one that is given, or that of `npm start`, without a slash at the end. */
export const urlOf = (given: string | undefined): string =>
  (given ?? `http://localhost:${process.env.PORT || 3000}`).replace(/\/+$/, '');

/**
 * Requires that a service is running.
 *
 * @throws {Error} with a message of one line, when it does not respond or is unhealthy
 */
export async function requireService(url: string): Promise<void> {
  const answer = await fetch(`${url}/health`).catch(() => undefined);
  if (!answer) throw new Error(`No service responds at ${url}. Start it with npm start`);
  if (!answer.ok)
    throw new Error(`The service at ${url} is unhealthy: GET /health returned ${answer.status}`);
}

/**
 * Sends a GET request.
 *
 * @param expected statuses that are accepted besides those of success
 * @throws {Error} with a message of one line, when the response has another status
 */
export const get = (service: Service, path: string, expected: number[] = []): Promise<Response> =>
  send(service, { method: 'GET', path }, expected);

/** Sends a POST request: see {@link get}. */
export const post = (
  service: Service,
  path: string,
  { type = 'application/json', body }: { type?: string; body: string },
  expected: number[] = [],
): Promise<Response> => send(service, { method: 'POST', path, type, body }, expected);

async function send(
  { url, token }: Service,
  { method, path, type, body }: { method: string; path: string; type?: string; body?: string },
  expected: number[],
): Promise<Response> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(type ? { 'content-type': type } : {}) },
    ...(body === undefined ? {} : { body }),
  }).catch(() => {
    throw new Error(`The service at ${url} stopped responding at ${method} ${path}`);
  });
  if (response.ok || expected.includes(response.status)) return response;
  const { detail = '' } = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new Error(`${method} ${path} returned ${response.status}. ${detail}`.trim());
}

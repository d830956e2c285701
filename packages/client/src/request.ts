import type { CallSettings } from './types.ts';

/** The options of a call whose operation is not known. */
export interface AnyOptions extends CallSettings {
  params?: {
    path?: Record<string, unknown>;
    query?: Record<string, unknown>;
    header?: Record<string, unknown>;
  };
  body?: unknown;
}

/** A request that can be sent several times. */
export interface PreparedRequest {
  method: string;
  url: string;
  headers: Headers;
  body: string | undefined;
}

/**
 * Prepares a request. A POST gets a new `Idempotency-Key`, unless it has one.
 *
 * @throws {TypeError} if a parameter of the path is missing, or a body that is a string has no `content-type`
 */
export function prepareRequest(
  base: string,
  method: string,
  path: string,
  { params = {}, body, headers: further }: AnyOptions,
): PreparedRequest {
  const headers = new Headers(further);
  for (const [name, value] of entriesOf(params.header)) headers.set(name, value);
  if (body !== undefined && !headers.has('content-type')) {
    if (typeof body === 'string')
      throw new TypeError('A body that is a string requires a content-type, such as text/csv');
    headers.set('content-type', 'application/json');
  }
  if (method === 'POST' && !headers.has('idempotency-key'))
    headers.set('idempotency-key', newKey());
  return {
    method,
    url: base + filledIn(path, params.path ?? {}) + queryOf(params.query),
    headers,
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** A random key. `crypto.randomUUID()` exists only on pages that were loaded over HTTPS. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

/** The path with its parameters. A URL would resolve `..`, and lead to another operation. */
const filledIn = (path: string, values: Record<string, unknown>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(values[name] ?? '');
    if (/^\.{0,2}$/.test(value))
      throw new TypeError(`The path parameter "${name}" must not be "${value}"`);
    return encodeURIComponent(value);
  });

function queryOf(query: Record<string, unknown> | undefined): string {
  const pairs = entriesOf(query).map((pair) => pair.map(encodeURIComponent).join('='));
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

const entriesOf = (values: Record<string, unknown> = {}): [string, string][] =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => [name, String(value)]);

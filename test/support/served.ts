import type { Contract, Route } from '#lib/http/contract.ts';
import { requireDeclared } from '../../openapi/declared.ts';
import { allFunctions } from './operations.ts';

/** Headers that the server of the local API adds, and words that it adds to `vary`. */
const BY_SERVER =
  /^(?:accept-ranges|access-control-.*|connection|content-(?:encoding|length)|date|keep-alive|transfer-encoding)$/;
const VARY_BY_SERVER = ['origin', 'accept-encoding'];

/** The operation and the route that match a path: the one with the fewest parameters. */
export async function routeOf(
  method: string,
  path: string,
): Promise<{ contract: Contract; route: Route } | undefined> {
  const { operations } = await allFunctions();
  const parameters = ({ route }: { route: Route }) => route.split('{').length;
  return [...operations.values()]
    .flatMap(({ contract }) => contract.routes.map((route) => ({ contract, route })))
    .sort((one, other) => parameters(one) - parameters(other))
    .find(({ route }) =>
      new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`).test(`${method} ${path}`),
    );
}

/**
 * Checks a response of the service over HTTP against the contract of its route. Responses of the gateway itself are
 * ignored.
 *
 * @throws {Error} when the response does not match the contract
 */
export async function requireServed(
  { method = 'GET', path }: { method: string | undefined; path: string },
  response: Response,
): Promise<void> {
  const known = await routeOf(method, path.split('?')[0] ?? '');
  const type = response.headers.get('content-type') ?? '';
  if (!known || (response.status >= 400 && type.startsWith('application/json'))) return;
  const text = await response.text();
  const headers = Object.fromEntries(
    [...response.headers].filter(([name]) => !BY_SERVER.test(name)),
  );
  const declares = known.contract.answerHeaders?.[response.status]?.includes('vary');
  const isOurs = (word: string) => declares || !VARY_BY_SERVER.includes(word);
  const vary = (headers.vary ?? '').split(',').filter((word) => word && isOurs(word));
  if (vary.length > 0) headers.vary = vary.join();
  else delete headers.vary;
  // The server sends a content type with 304 and 204, too.
  if (text === '') delete headers['content-type'];
  const sent = { statusCode: response.status, headers, ...(text === '' ? {} : { body: text }) };
  requireDeclared(known.contract, known.route, sent);
}

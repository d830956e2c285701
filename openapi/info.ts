import { readFileSync } from 'node:fs';

const description = `
A head catalog, and a catalog for each store. Each store has its own database.

- **Authentication.** Every operation except those of the service itself requires an access token (a JWT). A store that
  the token does not cover gets the same response as a store that does not exist.
- **Errors** are \`application/problem+json\` (RFC 9457). Their \`type\` is a URN that identifies the kind of problem;
  each operation lists the kinds that it can return. API Gateway rejects some requests before they reach the service:
  those responses are \`application/json\` with a \`message\`.
- **Concurrency.** The \`ETag\` of a product or store is its version. A request with \`If-Match\` changes only that
  version.
- **Pagination.** Lists are returned in pages. Send \`next\` as \`cursor\` to get the next page, or follow the \`Link\`
  header.
- **Idempotency.** Requests that create or move something accept an \`Idempotency-Key\`, so that they can be retried
  safely. A key belongs to its caller, and to the store that the request changes.
- **Caching.** Unless stated otherwise, responses are private and must be revalidated before reuse
  (\`Cache-Control: private, no-cache\`).
- **Request ids.** Every response has the id of its request in \`X-Request-Id\`. Quote it when you report a problem.
- **Text.** SKUs, names, categories and tags are normalized (Unicode NFC), in requests and filters. In the texts that a
  request writes, characters that control the direction of text are rejected, and texts without a visible character.
- **Unknown** members and parameters are rejected, never ignored.
`.trim();

/** Returns the document's `info` object. */
export function info() {
  const file = new URL('../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8'));
  return {
    title: 'Manystore',
    version,
    summary: 'A product catalog for many stores.',
    description: description.replace(/\n {2}/g, ' '),
    license: { name: 'MIT', identifier: 'MIT' },
  };
}

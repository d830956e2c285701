import { readFileSync } from 'node:fs';

const description = `
There is a head catalog, and a catalog for each store, in a database of its own.

- **Tokens.** Every operation but those of the service itself takes an access token (a JWT). A store that a token
  does not cover is answered exactly as one that does not exist.
- **Problems** are \`application/problem+json\` (RFC 9457). Their \`type\` is a URN that names their kind; each
  operation lists the kinds that it can answer with. API Gateway answers some requests without asking the service:
  those have a body of \`application/json\` with a \`message\`.
- **ETags** are the versions of products and stores. A change with \`If-Match\` is made on that version only.
- **Lists** come in pages: \`next\` is the \`cursor\` of the page after, and so does the header \`Link\` say.
- **Requests that create or move** take an \`Idempotency-Key\`, and can then be sent again after a fault.
- **Every answer** has the id of its request in \`X-Request-Id\`, and may be kept by its caller alone if it is asked for
  again each time (\`Cache-Control: private, no-cache\`), unless it says otherwise.
- **Unknown** members and parameters are refused, never dropped.
`.trim();

/** What the document says of the API as a whole. */
export function info() {
  const file = new URL('../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8'));
  return {
    title: 'Manystore',
    version,
    summary: 'A product catalog for many stores at once.',
    description: description.replace(/\n {2}/g, ' '),
    license: { name: 'MIT', identifier: 'MIT' },
  };
}

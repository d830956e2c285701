import { fetchDocument } from './api-document.ts';
import { type Check, expectEqual, Unexpected } from './checks.ts';
import type { Setting } from './setting.ts';

/** Headers that every response of the service has, and what they contain. */
const SECURITY_HEADERS = {
  'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
  'referrer-policy': /^no-referrer$/,
  'strict-transport-security': /^max-age=\d{8,}/,
  'x-content-type-options': /^nosniff$/,
  'x-request-id': /./,
};

/** Checks the public operations, and the headers of data, of a page and of an error. */
export const serviceChecks = ({ client, fetch }: Setting): Check[] => [
  {
    subject: 'get-health',
    title: 'reports that both database servers are up',
    async run() {
      const { data } = await client.GET('/health');
      const { primary, secondary } = data.connections;
      expectEqual('the status', data.status, 'ok');
      expectEqual('the status of the servers', [primary.status, secondary.status], ['up', 'up']);
    },
  },
  {
    subject: 'get-openapi',
    title: 'returns the API document',
    async run() {
      const { info } = await fetchDocument(fetch);
      expectEqual('the title', info.title, 'Manystore');
    },
  },
  {
    subject: 'get-docs',
    title: 'returns the API page',
    run: () => expectFile(fetch, '/docs', 'text/html'),
  },
  {
    subject: 'get-docs-asset',
    title: 'returns the script of the API page',
    run: () => expectFile(fetch, '/docs/page.js', 'text/javascript'),
  },
  {
    subject: 'get-docs-root',
    title: 'redirects to the API page',
    async run() {
      const response = await fetch('/', { redirect: 'manual' });
      expectEqual('the status', response.status, 302);
    },
  },
  ...[
    ['data', '/health'],
    ['a page', '/docs'],
    ['an error', '/health?unknown=parameter'],
  ].map(([of, path = '']) => ({
    subject: 'headers',
    title: `of ${of} have what a browser must enforce`,
    run: async () => requireHeaders(await fetch(path)),
  })),
];

async function expectFile(fetch: Setting['fetch'], path: string, type: string): Promise<void> {
  const response = await fetch(path);
  const sent = response.headers.get('content-type')?.split(';')[0];
  expectEqual('the response', [response.status, sent], [200, type]);
  if ((await response.text()) === '') throw new Unexpected('the file is empty');
}

function requireHeaders({ headers }: Response): void {
  const wrong = Object.entries(SECURITY_HEADERS)
    .filter(([name, pattern]) => !pattern.test(headers.get(name) ?? ''))
    .map(([name]) => `${name} is ${JSON.stringify(headers.get(name))}`);
  if (wrong.length > 0) throw new Unexpected(wrong.join('; '));
}

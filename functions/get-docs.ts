import * as z from 'zod/mini';
import { ASSETS, apiPage } from '#lib/api-page/api-page.ts';
import { okFileUnlessFresh } from '#lib/api-page/file-answer.ts';
import { found } from '#lib/http/answers.ts';
import type { Contract, Request } from '#lib/http/contract.ts';
import { forFiles } from '#lib/http/headers.ts';
import { operation } from '#lib/http/operation.ts';

const contract = {
  name: 'get-docs',
  summary: 'Serves the interactive API documentation, to which `/` redirects.',
  routes: ['GET /docs', 'GET /docs/{asset}', 'GET /'],
  scope: 'public',
  servers: [],
  path: z.strictObject({ asset: z.optional(z.enum(ASSETS)) }),
  headers: forFiles,
  answers: { 200: z.string(), 302: null, 304: null },
  routeAnswers: {
    'GET /docs': [200, 304],
    'GET /docs/{asset}': [200, 304],
    'GET /': [302],
  },
  answerTypes: ['text/html', 'text/css', 'text/javascript', 'image/svg+xml'],
  answerHeaders: {
    200: ['cache-control', 'content-encoding', 'content-security-policy', 'etag', 'vary'],
    302: ['location'],
    304: ['cache-control', 'content-security-policy', 'etag', 'vary'],
  },
} as const satisfies Contract;

const PAGE = '/docs';

/** Allows the page to load resources from this service only, and to send requests only to it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

async function getDocs({ url, path: { asset }, headers }: Request<typeof contract>) {
  // Relative, because the path may begin with a stage.
  if (asset === undefined && !url.endsWith(PAGE)) return found(PAGE.slice(1));
  return okFileUnlessFresh(apiPage[asset ?? 'page.html'], headers, {
    'content-security-policy': POLICY,
  });
}

export const handler = operation(contract, getDocs);

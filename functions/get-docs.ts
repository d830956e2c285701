import * as z from 'zod/mini';
import { ASSETS, apiPage } from '#lib/api-page/api-page.ts';
import { okFileUnlessFresh } from '#lib/api-page/file-answer.ts';
import type { Contract, Request } from '#lib/http/contract.ts';
import { forFiles } from '#lib/http/headers.ts';
import { operation } from '#lib/http/operation.ts';

const contract = {
  name: 'get-docs',
  summary: 'Serves the interactive API documentation.',
  routes: ['GET /docs', 'GET /docs/{asset}'],
  scope: 'public',
  servers: [],
  path: z.strictObject({ asset: z.optional(z.enum(ASSETS)) }),
  headers: forFiles,
  answers: { 200: z.string(), 304: null },
  answerTypes: ['text/html', 'text/css', 'text/javascript', 'image/svg+xml'],
  answerHeaders: {
    200: ['cache-control', 'content-encoding', 'content-security-policy', 'etag', 'vary'],
    304: ['cache-control', 'content-security-policy', 'etag', 'vary'],
  },
} as const satisfies Contract;

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

async function getDocs({ path: { asset = 'page.html' }, headers }: Request<typeof contract>) {
  return okFileUnlessFresh(apiPage[asset], headers, { 'content-security-policy': POLICY });
}

export const handler = operation(contract, getDocs);

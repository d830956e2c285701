import express from 'express';
import serverless from 'serverless-http';
import * as z from 'zod/mini';
import { callerOf, mayDo } from '#lib/http/caller.ts';
import { faultsOf } from '#lib/http/faults.ts';
import { idempotencyKey } from '#lib/http/headers.ts';
import { catalogPath, productInput } from '#lib/products/schema.ts';

/*
 * The chain of create-product on express and serverless-http, with the same checks: the token's scope, a JSON body
 * of at most 256 KB, the same schemas for path, query, headers and body, all faults in one problem, the same headers
 * on every answer, one line with the members of the log and of its metrics (EMF), unless both sides are silent.
 * What costs express extra is off: its own ETag and x-powered-by. It has no deadline, and its JSON parser takes a member that comes twice.
 */

const EVERY_ANSWER = {
  'cache-control': 'private, no-cache',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
};

type Exchange = ReturnType<typeof JSON.parse>;
type Next = (error?: unknown) => void;

const noQuery = z.strictObject({});
const now = '2026-11-23T12:00:00.000Z';

const app = express();
app.disable('x-powered-by');
app.disable('etag');

app.use((request: Exchange, response: Exchange, next: Next) => {
  const startedAt = performance.now();
  const { awsRequestId } = request.apiGateway.context;
  response.set({ ...EVERY_ANSWER, 'x-request-id': awsRequestId });
  response.on('finish', () => {
    const ms = Math.round((performance.now() - startedAt) * 10) / 10;
    log(awsRequestId, { store: request.params?.store, status: response.statusCode, ms });
  });
  next();
});
app.use((request: Exchange, response: Exchange, next: Next) => {
  const caller = callerOf(request.apiGateway.event);
  if (!caller) return problem(request, response, 401, 'There is no token.');
  if (!mayDo(caller, 'products:write')) return problem(request, response, 403, 'No scope.');
  next();
});
app.use(express.json({ limit: '256kb' }));
app.post('/stores/:store/products', (request: Exchange, response: Exchange) => {
  const checks = [
    ['path', catalogPath, request.params],
    ['query', noQuery, request.query],
    ['headers', idempotencyKey, request.headers],
    ['body', productInput, request.body],
  ] as const;
  const results = checks.map(([where, schema, value]) => ({
    where,
    result: z.safeParse(schema, value),
  }));
  const faults = results.flatMap(({ where, result }) =>
    result.success ? [] : faultsOf(where, result.error),
  );
  if (faults.length > 0)
    return problem(
      request,
      response,
      400,
      "The request does not match this operation's schema.",
      faults,
    );
  const id = '0'.repeat(24);
  response
    .status(201)
    .set({ location: `${request.path}/${id}`, etag: '"1"' })
    .json({
      id,
      ...(results[3]?.result.data as object),
      version: 1,
      createdAt: now,
      updatedAt: now,
    });
});
app.use((error: Exchange, request: Exchange, response: Exchange, _next: Next) =>
  problem(request, response, error.status ?? 500, 'The request body cannot be parsed.'),
);

function problem(
  request: Exchange,
  response: Exchange,
  status: number,
  detail: string,
  errors?: unknown[],
): void {
  const instance = `urn:manystore:request:${request.apiGateway.context.awsRequestId}`;
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', status, detail, instance, errors }));
}

const isLogged = process.env.POWERTOOLS_LOG_LEVEL !== 'SILENT';
const METRICS = [
  {
    Namespace: 'Manystore',
    Dimensions: [['service', 'operation']],
    Metrics: [
      { Name: 'Duration', Unit: 'Milliseconds' },
      { Name: 'Faults', Unit: 'Count' },
    ],
  },
];

function log(requestId: string, what: { store: string; status: number; ms: number }): void {
  if (!isLogged) return;
  const line = {
    level: 'INFO',
    service: 'manystore',
    sampling_rate: 0,
    message: 'request',
    timestamp: new Date().toISOString(),
    requestId,
    operation: 'create-product',
    ...what,
    coldStart: false,
    Duration: what.ms,
    Faults: what.status >= 500 ? 1 : 0,
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: METRICS },
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

export const handler = serverless(app);

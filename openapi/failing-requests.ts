import type { Contract, Repeat } from '#lib/http/contract.ts';
import { type Operation, operation } from '#lib/http/operation.ts';
import { BeingOpened, StillRunning } from '#lib/http/problems.ts';
import { recordWrite } from '#lib/runtime/request-writes.ts';
import type { GatewayRequest } from '../local/gateway-event.ts';
import { SUSPENDED } from './example-catalog.ts';
import { EXAMPLE, exampleRequests } from './example-requests.ts';

const { store, otherStore, product, headProduct, drifted, sku } = EXAMPLE;
const nothing = '0'.repeat(24);

/** A request for each kind of problem that a single request can cause, by the name of the problem's class. */
export const failingRequests: Record<string, { operation: string; request: GatewayRequest }> = {
  InvalidRequest: {
    operation: 'create-product',
    request: { path: { store }, body: { sku, name: '', price: { amount: 19.99 } } },
  },
  Unauthorized: {
    operation: 'get-product',
    request: { path: { product: headProduct }, caller: null },
  },
  Forbidden: {
    operation: 'create-store',
    request: { ...exampleRequests['create-store'], caller: { scopes: ['stores:read'] } },
  },
  NotFound: { operation: 'get-product', request: { path: { store, product: nothing } } },
  DuplicateKey: {
    operation: 'create-product',
    request: {
      path: { store },
      body: { sku, name: 'Headphones', price: { amount: 1, currency: 'USD' } },
    },
  },
  StoreNotWritable: {
    operation: 'adjust-stock',
    request: { path: { store: SUSPENDED, product }, body: { by: 1 } },
  },
  DifferentClusters: {
    operation: 'transfer-stock',
    request: { body: { from: store, to: 'store-eu', sku, quantity: 1 } },
  },
  InsufficientStock: {
    operation: 'transfer-stock',
    request: { body: { from: store, to: otherStore, sku, quantity: 1_000 } },
  },
  StockTooLarge: {
    operation: 'adjust-stock',
    request: { path: { store, product }, body: { by: 1_000_000_000 } },
  },
  StaleTag: {
    operation: 'update-store',
    request: { path: { store }, headers: { 'if-match': '"7"' }, body: { name: 'Store A' } },
  },
  ContentTooLarge: {
    operation: 'update-store',
    request: { path: { store }, body: { name: 'A'.repeat(300_000) } },
  },
  UnsupportedMediaType: {
    operation: 'update-store',
    request: { path: { store }, headers: { 'content-type': 'text/plain' }, body: 'Store A' },
  },
  KeyReused: {
    operation: 'create-product',
    request: {
      ...exampleRequests['create-product'],
      body: { sku: 'OTHER', name: 'Another', price: { amount: 1, currency: 'USD' } },
    },
  },
  UnknownCluster: {
    operation: 'create-store',
    request: { body: { id: 'north', name: 'North Store', currency: 'EUR', cluster: 'eu-2' } },
  },
  Drifted: { operation: 'restore-product', request: { path: { store, product: drifted } } },
};

/** A database that is not responding, as the driver reports it. */
const broken = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

/** Kinds of problems that require two concurrent requests or a server failure. These operations only throw them. */
export const failingOperations: Record<string, Operation<Contract>> = {
  BeingOpened: throwing(
    new BeingOpened(
      `Another request is creating the store ${EXAMPLE.created}. Retry after the delay in Retry-After.`,
    ),
  ),
  StillRunning: throwing(new StillRunning(29)),
  Unavailable: throwing(broken),
  InternalError: throwing(new Error('unexpected')),
  ChangeUnavailable: throwing(broken, 'safe'),
  KeyedChangeUnavailable: throwing(broken, 'needs-key'),
  ChangeInternalError: throwing(new Error('unexpected'), 'safe'),
};

/** @param repeat makes it an operation that may have changed something */
function throwing(error: Error, repeat?: Repeat): Operation<Contract> {
  const parts = { name: 'fail', summary: '', scope: 'public', answers: {} } as const;
  const contract: Contract = repeat
    ? { ...parts, routes: ['POST /'], repeat }
    : { ...parts, routes: ['GET /'] };
  return operation(contract, () => {
    recordWrite();
    return Promise.reject(error);
  });
}

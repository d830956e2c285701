import { randomUUID } from 'node:crypto';
import type { Contract } from '#lib/http/contract.ts';
import type { Server, Sockets } from '#lib/runtime/servers.ts';
import { eventOf, type GatewayRequest } from '../../local/gateway-event.ts';
import { EXAMPLE, exampleInputs } from '../../openapi/example-requests.ts';
import { examplesFor } from '../../openapi/examples.ts';
import { allFunctions } from '../../openapi/functions.ts';
import { CLUSTER } from './databases/deployments.ts';

/** A valid invocation of a function. */
export interface Case {
  /** The name of the function. */
  name: string;
  /** The route, and how it differs from the other cases of the function; the input of a task. */
  title: string;
  /** Whether it changes something. */
  writes: boolean;
  /** Whether the request has an Idempotency-Key. */
  isKeyed: boolean;
  isTask: boolean;
  /** Whether it uses a store, or only the head catalog and the registry. */
  usesStores: boolean;
  /** Where the example stores live. */
  storesOn: 'primary' | typeof CLUSTER;
  servers: readonly Server[];
  sockets: Sockets;
  /** Returns the event, with a key if the request has one; by default, a new one. */
  newEvent: (key?: string) => object;
}

/** Inputs with which a task has work to do. */
const MORE_INPUTS: Record<string, object[]> = {
  'roll-out-indexes': [{ mode: 'apply' }],
  'sync-mirror': [{ stores: [EXAMPLE.store], from: 'start' }],
};

/**
 * Returns the cases of every function of functions/, generated from the contracts and from the examples of the OpenAPI
 * document: each example for each of its routes. A POST has a key; if it is safe to repeat, it is also sent without one.
 *
 * @throws {Error} when a function has no example
 */
export async function allCases(): Promise<Case[]> {
  const { operations, tasks } = await allFunctions();
  const requests = [...operations].flatMap(([name, operation]) =>
    casesOf(name, operation.contract),
  );
  const inputs = [...tasks].flatMap(([name, { contract }]) => {
    const example = exampleInputs[name];
    if (!example) throw new Error(`${name} has no example in openapi/example-requests.ts`);
    const { servers = ['primary'], sockets = {} } = contract;
    return [...(MORE_INPUTS[name] ?? []), example].map((input) => ({
      name,
      title: JSON.stringify(input),
      ...{ writes: true, isKeyed: false, isTask: true, servers, sockets },
      ...{ usesStores: true, storesOn: 'primary' as const },
      newEvent: () => input,
    }));
  });
  return [...requests, ...inputs];
}

/** Returns the cases that use stores, with the example stores on the cluster. */
export const onCluster = (cases: readonly Case[]): Case[] =>
  cases
    .filter(({ usesStores }) => usesStores)
    .map((one) => ({ ...one, title: `${one.title}, stores on ${CLUSTER}`, storesOn: CLUSTER }));

/** Returns the first case of every function, for each place of the example stores. */
export function firstOfEach(cases: readonly Case[]): Case[] {
  const byKey = cases.toReversed().map((one) => [`${one.name} ${one.storesOn}`, one] as const);
  return [...new Map(byKey).values()].reverse();
}

function casesOf(name: string, contract: Contract): Case[] {
  const { routes, repeat, servers = ['primary'], sockets = {} } = contract;
  return routes.flatMap((route) =>
    examplesFor(name, route).flatMap((request, n) =>
      keysFor(route, repeat).map((isKeyed) => ({
        name,
        title: [route, n > 0 && `example ${n + 1}`, isKeyed && 'with a key']
          .filter(Boolean)
          .join(', '),
        ...{ writes: repeat !== undefined, isKeyed, isTask: false, servers, sockets },
        ...{ usesStores: STORES.test(route), storesOn: 'primary' as const },
        newEvent: (key = randomUUID()) =>
          eventOf({ contract }, { ...withKey(request, isKeyed ? key : undefined), route }),
      })),
    ),
  );
}

/** The routes that use stores. */
const STORES = /\/stores|\/transfers|\/publications/;

/** Whether the cases of a route have a key. */
function keysFor(route: string, repeat: Contract['repeat']): boolean[] {
  if (!route.startsWith('POST')) return [false];
  return repeat === 'safe' ? [true, false] : [true];
}

function withKey({ headers, ...request }: GatewayRequest, key: string | undefined): GatewayRequest {
  const { 'idempotency-key': _, ...others } = headers ?? {};
  return { ...request, headers: key ? { ...others, 'idempotency-key': key } : others };
}

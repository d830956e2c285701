import { startChild } from '../children.ts';
import { type Fill, fillOf } from '../server.ts';
import type { Distance } from './delayed-socket.ts';
import type { Step } from './far-proxy.ts';

/** Where the servers are. */
export interface FarPlace {
  /** The connection string past the proxy. */
  nearUri: string;
  /** The variables with which a function finds Parameter Store, and in it the connection strings. */
  env: Record<string, string>;
}

export type FarQuestion = 'place' | 'steps' | Distance;

/** A MongoDB server and a Parameter Store, in a process of their own. */
export interface FarServer extends AsyncDisposable {
  /** The variables of a function's environment that name them. */
  env: Record<string, string>;
  /** Fills the server, past the proxy. */
  fill: Fill;
  /** Sets how many milliseconds each direction of new connections takes. */
  moveTo(oneWay: number): Promise<void>;
  /** Returns the steps since the last call, in the order in which they reached the servers. */
  steps(): Promise<Step[]>;
}

export async function startFarServer(): Promise<FarServer> {
  const child = startChild('far/server-child.ts');
  const { nearUri, env } = await child.ask<FarPlace>('place');
  return {
    env,
    fill: fillOf(nearUri),
    async moveTo(oneWay) {
      await child.ask({ oneWay });
    },
    steps: () => child.ask('steps'),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

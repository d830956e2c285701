import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { SERVER_NAMES } from '#lib/runtime/servers.ts';
import { selfSigned } from '../packages/embedded-mongodb/test/certificate.ts';
import { hostOf, NODE_HOST, PORTS_VARIABLE } from './warm-up-names.ts';

/*
 * The servers with which a function is warmed up. A function reaches them as it does in AWS: it reads its connection strings
 * from Parameter Store, resolves the names of the clusters, and signs in with a password (SCRAM-SHA-256), all over TLS. So
 * the code for that is in its code cache.
 */

/** A cluster besides the primary. */
const CLUSTER = 'eu-1';
const NAMES = [...SERVER_NAMES, CLUSTER];
const PARAMETER = '/warm-up';
const USER = { user: 'warm-up', pwd: 'no secret', roles: ['root'] };

/** Servers, and the environment variables with which a function finds them. */
export interface WarmUpServers extends AsyncDisposable {
  env: Record<string, string>;
}

export async function startWarmUpServers(): Promise<WarmUpServers> {
  const certificate = selfSigned('warm-up', [NODE_HOST]);
  const servers = await Promise.all(
    NAMES.map((replicaSet) => startEmbeddedMongo({ replicaSet, users: [USER], tls: certificate })),
  );
  const ports = Object.fromEntries(NAMES.map((name, index) => [name, servers[index]?.port]));
  const store = await startParameterStore(certificate);
  return {
    env: {
      SECRETS_PARAMETER: PARAMETER,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'warm-up',
      AWS_SECRET_ACCESS_KEY: 'no secret',
      AWS_SESSION_TOKEN: 'no secret',
      AWS_ENDPOINT_URL_SSM: `https://127.0.0.1:${(store.address() as AddressInfo).port}`,
      NODE_EXTRA_CA_CERTS: certificate.certFile,
      [PORTS_VARIABLE]: JSON.stringify(ports),
    },
    [Symbol.asyncDispose]: async () => {
      store.close();
      await Promise.all(servers.map((server) => server.stop()));
      certificate.remove();
    },
  };
}

const uriOf = (name: string) =>
  `mongodb+srv://${USER.user}:${encodeURIComponent(USER.pwd)}@${hostOf(name)}/manystore`;

/** The value of each parameter. */
const parameters: Record<string, string> = {
  [PARAMETER]: JSON.stringify({
    ...Object.fromEntries(SERVER_NAMES.map((name) => [name, uriOf(name)])),
    cursor: 'signs the cursors of the examples',
  }),
  [`${PARAMETER}/clusters/${CLUSTER}`]: uriOf(CLUSTER),
};

/** Starts a stand-in for Parameter Store. It does not check signatures. */
async function startParameterStore(certificate: { key: string; cert: string }) {
  const server = createServer(certificate, async (request, response) => {
    const { Name, Path } = JSON.parse(await text(request));
    const below = Object.keys(parameters).filter((name) => name.startsWith(`${Path}/`));
    const value = Path
      ? { Parameters: below.map((name) => ({ Name: name })) }
      : { Parameter: { Value: parameters[Name] } };
    response.end(JSON.stringify(value));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

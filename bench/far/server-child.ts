import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { selfSigned } from '../../packages/embedded-mongodb/test/certificate.ts';
import { ParameterStore, parameter } from '../../test/support/parameter-store.ts';
import { answerParent } from '../children.ts';
import { MAIN } from '../server.ts';
import type { Distance } from './delayed-socket.ts';
import { FarProxy, type Step } from './far-proxy.ts';
import { actionsIn, commandsIn } from './requests.ts';
import type { FarPlace, FarQuestion } from './server.ts';

/* A MongoDB server with a user and a Parameter Store, both behind TLS and far away. */

const USER = { user: 'app', pwd: 'of the benchmark', roles: ['root'] };
const ROLE = { id: 'id-of-the-role', secret: 'its secret', token: 'its token' };

const certificate = selfSigned('far away');
process.on('exit', () => certificate.remove());

const mongo = await startEmbeddedMongo({ users: [USER] });
const store = new ParameterStore(ROLE);
const storeEnv = await store.listen();

const distance: Distance = { oneWay: 0 };
let steps: Step[] = [];
const proxy = { certificate, distance, onStep: (step: Step) => void steps.push(step) };
const proxies = {
  mongodb: new FarProxy({
    ...proxy,
    kind: 'mongodb',
    port: mongo.port,
    requestsIn: commandsIn,
  }),
  secrets: new FarProxy({
    ...proxy,
    kind: 'secrets',
    port: Number(new URL(storeEnv.AWS_ENDPOINT_URL_SSM ?? '').port),
    requestsIn: actionsIn,
  }),
};

const uriAt = (port: number, options: string) =>
  `mongodb://${USER.user}:${encodeURIComponent(USER.pwd)}@127.0.0.1:${port}/${MAIN}?authSource=admin&${options}`;
// Otherwise the driver would connect to the address that the server announces, past the proxy.
const uri = uriAt(await proxies.mongodb.listen(), 'tls=true&directConnection=true');
store.answers = [
  parameter(
    JSON.stringify({
      primary: uri,
      secondary: uri,
      cursor: 'signs the cursors of the benchmarks',
    }),
  ),
];
const place: FarPlace = {
  nearUri: uriAt(mongo.port, 'directConnection=true'),
  env: {
    ...storeEnv,
    AWS_ENDPOINT_URL_SSM: `https://127.0.0.1:${await proxies.secrets.listen()}`,
    SECRETS_PARAMETER: '/manystore/bench',
    NODE_EXTRA_CA_CERTS: certificate.certFile,
  },
};

answerParent<FarQuestion>((question) => {
  if (question === 'place') return place;
  if (typeof question === 'object') return Object.assign(distance, question);
  const taken = steps;
  steps = [];
  for (const each of Object.values(proxies)) each.reset();
  return taken;
});

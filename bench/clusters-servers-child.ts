import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { answerParent } from './children.ts';

/* Several MongoDB servers in a process of their own: `clusters-servers-child.ts COUNT`. */

const count = Number(process.argv[2]);
const servers = await Promise.all(Array.from({ length: count }, () => startEmbeddedMongo()));
answerParent<'uris' | 'sockets'>((question) =>
  servers.map((server) => (question === 'uris' ? server.uri : server.openConnections)),
);

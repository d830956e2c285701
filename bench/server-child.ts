import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { answerParent } from './children.ts';

/* A MongoDB server in a process of its own, so that its work and memory are not those of the function. */

const server = await startEmbeddedMongo();
answerParent<'uri' | 'sockets'>((question) =>
  question === 'uri' ? server.uri : server.openConnections,
);

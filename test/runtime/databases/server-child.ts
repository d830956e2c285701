import { startEmbeddedMongo } from '@manystore/embedded-mongodb';
import { answerParent } from '../../../bench/children.ts';

/* An embedded MongoDB server: `server-child.ts PORT [DATA_FOLDER]`. */

const [, , port, dataFolder] = process.argv;
const server = await startEmbeddedMongo({
  port: Number(port),
  ...(dataFolder ? { dataFolder } : {}),
});

export type Question = 'uri' | 'sockets' | 'clear';

answerParent<Question>((question) => {
  if (question === 'uri') return server.uri;
  if (question === 'sockets') return server.openConnections;
  server.clear();
  return null;
});

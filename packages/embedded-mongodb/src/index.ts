export type { EmbeddedMongoOptions, EmbeddedMongoTls, EmbeddedMongoUser } from './options.ts';
export { type EmbeddedMongo, startEmbeddedMongo } from './server.ts';

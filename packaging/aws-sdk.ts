import { createRequire } from 'node:module';

/** Loads a module of the AWS SDK that the Serverless Framework uses, so that both find the same credentials. */
export const sdk: NodeJS.Require = createRequire(
  createRequire(import.meta.url).resolve('serverless/package.json'),
);

import { guardServers } from './guard.ts';

/** The parts of the Serverless Framework that this uses. */
interface Serverless {
  service: { custom: { 'serverless-offline': { httpPort: string } } };
}

/**
 * The plugin of the Serverless Framework that guards the servers of serverless-offline: the API accepts only local clients
 * and pages, and the Lambda endpoint, where a caller can invoke a function with any claims, also requires the secret of
 * this start. See {@link guardServers}.
 */
export default class Guard {
  readonly hooks: Record<string, () => void>;

  constructor({ service }: Serverless, { httpPort }: { httpPort?: string }) {
    const guard = () =>
      guardServers({
        openPort: Number(httpPort ?? service.custom['serverless-offline'].httpPort),
        secret: process.env.LAMBDA_SECRET,
      });
    this.hooks = { 'before:offline:start:init': guard, 'before:offline:start': guard };
  }
}

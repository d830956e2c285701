import { once } from 'node:events';

/** The member of the Serverless Framework that this plugin uses. */
interface Serverless {
  configSchemaHandler: { validateConfig: () => Promise<void> };
}

/**
 * The plugin of the Serverless Framework that makes `npm start` faster. It lets the framework load while the servers start:
 * before the functions are loaded, it waits for the settings that `startApi` sends, which are the connection strings. And
 * `serverless.yml` is not validated: that takes a second, and packaging does it.
 */
export default class QuickStart {
  readonly hooks: Record<string, () => Promise<void>> = {};

  constructor(serverless: Serverless) {
    if (process.env.AWAIT_SERVERS !== 'true') return;
    serverless.configSchemaHandler.validateConfig = async () => {};
    // When npm start has ended, nobody sends them.
    const exit = () => process.exit(1);
    process.once('disconnect', exit);
    const settings = once(process, 'message').then(([message]) => {
      process.off('disconnect', exit);
      Object.assign(process.env, message);
    });
    this.hooks['before:offline:start:init'] = () => settings;
  }
}

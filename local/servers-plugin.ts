import { once } from 'node:events';

/**
 * The plugin of the Serverless Framework that lets `npm start` load the framework while the servers start: before the
 * functions are loaded, it waits for the settings that `startApi` sends, which are the connection strings.
 */
export default class Servers {
  readonly hooks: Record<string, () => Promise<void>> = {};

  constructor() {
    if (process.env.AWAIT_SERVERS !== 'true') return;
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

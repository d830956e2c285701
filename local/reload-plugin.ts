import { reloadOnChange } from './reload.ts';

/** The plugin of the Serverless Framework that loads the functions again after a change, in `npm run dev`. */
export default class Reload {
  readonly hooks = {};

  constructor() {
    if (process.env.RELOAD)
      reloadOnChange({
        root: new URL('../', import.meta.url).href,
        folders: ['functions', 'lib', 'packages/connections/src'],
        connections: 'lib/connections.ts',
        graceMs: 30_000,
      });
  }
}

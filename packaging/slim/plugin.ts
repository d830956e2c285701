import { readFile } from 'node:fs/promises';
import type { Loader, Plugin } from 'esbuild';
import { loadedLater } from './load-later.ts';
import { patched, patches } from './patches.ts';
import { replaced, requireUnused, standIns } from './stand-ins.ts';
import { withoutServers } from './without-servers.ts';

/*
 * What a packaged function loads, made small. The libraries stay what they are: this only decides
 *
 *   when a module is loaded    load-later.ts: as soon as it is used, rather than as soon as it is named
 *   what is not loaded at all  stand-ins.ts: modules that the runtime has, or that nobody uses here;
 *                              without-servers.ts: the driver, for functions that ask no server
 *   what is not looked for     patches.ts: lines that load much of Node to learn what is known
 *
 * Each rule knows what it is about. A library that has changed there fails the packaging, and is looked at.
 */

const LIBRARY = /[\\/]node_modules[\\/](?:mongodb|mongoose|mquery)[\\/]lib[\\/].*\.js$/;
/** Of its description, a library wants its version: it tells the server. */
const DESCRIPTION = /[\\/]node_modules[\\/](?:mongodb|mongoose)[\\/]package\.json$/;
/** Modules that load little besides Node's own: these may come later. */
const NODE_USER =
  /[\\/]node_modules[\\/]@aws-lambda-powertools[\\/].*\.js$|[\\/](?:functions|lib|packages)[\\/].*\.ts$/;

/**
 * Slims what a bundle loads.
 *
 * @param asksServers false for functions that ask none, which have no driver
 */
export function slim({ asksServers = true } = {}): Plugin {
  return {
    name: 'slim',
    setup(build) {
      const due = new Set(asksServers ? [...standIns, ...patches] : []);
      if (!asksServers)
        for (const { file, source } of withoutServers)
          build.onLoad({ filter: file }, () => ({ contents: source }));
      build.onLoad({ filter: DESCRIPTION }, async ({ path }) => {
        const { name, version } = JSON.parse(await readFile(path, 'utf8'));
        return { contents: JSON.stringify({ name, version }), loader: 'json' };
      });
      build.onLoad({ filter: /\.(?:js|cjs|ts)$/ }, async ({ path }) => {
        const standIn = standIns.find(({ file }) => file.test(path));
        if (standIn) {
          due.delete(standIn);
          return { contents: replaced(standIn, path) };
        }
        const patch = patches.find(({ file }) => file.test(path));
        const isLater = LIBRARY.test(path) || NODE_USER.test(path);
        if (!patch && !isLater) return undefined;
        const loader: Loader = path.endsWith('.ts') ? 'ts' : 'js';
        let contents = await readFile(path, 'utf8');
        if (loader === 'ts') requireUnused(contents, path);
        if (patch) {
          due.delete(patch);
          contents = patched(patch, contents);
        }
        if (isLater) contents = await loadedLater(contents, { path, loader });
        return { contents, loader };
      });
      build.onEnd(({ errors }) => {
        if (errors.length > 0 || due.size === 0) return {};
        const gone = [...due].map(({ name }) => ({
          text: `Nothing loads ${name}: is its rule still needed?`,
        }));
        return { errors: gone };
      });
    },
  };
}

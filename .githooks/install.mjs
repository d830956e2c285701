import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';

/*
 * `npm ci` runs this as the `prepare` script: it lets git run the hooks of this folder. It changes the configuration of
 * this clone only, and nothing in CI, outside a clone, in a linked work tree (which shares its clone's configuration),
 * or where hooks are set up already.
 */

const git = (...args) => execFileSync('git', args, { stdio: 'ignore' });

function hasHooks() {
  try {
    git('config', 'core.hooksPath');
    return true;
  } catch {
    if (!existsSync('.git/hooks')) return false;
    return readdirSync('.git/hooks').some((name) => !name.endsWith('.sample'));
  }
}

try {
  const isClone = statSync('.git').isDirectory();
  if (isClone && !process.env.CI && !hasHooks())
    git('config', '--file', '.git/config', 'core.hooksPath', '.githooks');
} catch {
  // There is no git or no clone here, and so nothing to set up.
}

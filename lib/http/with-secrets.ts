import { loadSecrets } from '../runtime/secrets.ts';
import type { Server } from '../runtime/servers.ts';
import type { Middleware } from './middleware.ts';

/**
 * Sees that the secrets are there before an operation runs that needs a server. All but a container's first request
 * find them so.
 */
export function withSecrets({ servers }: { servers?: readonly Server[] }): Middleware {
  const needsNone = servers?.length === 0;
  return {
    before: async () => {
      if (!needsNone) await loadSecrets();
    },
  };
}

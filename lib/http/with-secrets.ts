import { secretsSource } from '../runtime/secrets.ts';
import type { Server } from '../runtime/servers.ts';
import type { Middleware } from './middleware.ts';

/**
 * Loads the secrets before an operation that needs a server. Only a container's first request has to wait for them, and one
 * after a server has rejected their user.
 */
export function withSecrets({ servers }: { servers?: readonly Server[] }): Middleware {
  const needsNone = servers?.length === 0;
  return {
    before: () => {
      if (!needsNone && !secretsSource.isCurrent) return secretsSource.get().then(() => {});
    },
  };
}

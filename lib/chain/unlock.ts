import { loadSecrets } from '../secrets.ts';
import type { Link } from './link.ts';

/** Sees that the secrets are there before an operation runs. All but a container's first request find them so. */
export function unlock(): Link {
  return {
    before: async () => {
      await loadSecrets();
    },
  };
}

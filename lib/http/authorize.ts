import { type Caller, callerOf, mayDo } from './caller.ts';
import type { Contract } from './contract.ts';
import type { Middleware } from './middleware.ts';
import { Forbidden, Unauthorized } from './problems.ts';

/** The caller of a public operation: nobody. */
const NOBODY: Caller = { subject: '', scopes: new Set(), stores: [] };

/**
 * Rejects a request whose token lacks the scope of the contract. API Gateway has already checked the token and its
 * scope; this protects a route that is deployed without that check.
 *
 * @throws {Unauthorized} when the request has no verified token
 * @throws {Forbidden} when the token lacks the scope
 */
export function authorize({ scope }: Contract): Middleware {
  return {
    before({ internal }) {
      internal.caller = NOBODY;
      if (scope === 'public') return;
      const caller = callerOf(internal.gateway);
      if (!caller) throw new Unauthorized();
      internal.verified = caller;
      if (!mayDo(caller, scope)) throw new Forbidden(`The token lacks the scope ${scope}.`);
      internal.caller = caller;
    },
  };
}

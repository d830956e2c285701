import { type Caller, callerOf, mayDo } from './caller.ts';
import type { Contract } from './contract.ts';
import type { Middleware } from './middleware.ts';
import { Forbidden, Unauthorized } from './problems.ts';

/** Nobody: what a public operation is told of its caller. */
const NOBODY: Caller = { subject: '', scopes: new Set(), stores: [] };

/**
 * Lets a request pass whose token has the scope of the contract. API Gateway has checked the token, and the
 * scope as well: this is the second lock, for the day when a route is deployed without the first.
 *
 * @throws {Unauthorized} when there is no token that was checked
 * @throws {Forbidden} when the token has not the scope
 */
export function authorize({ scope }: Contract): Middleware {
  return {
    before({ internal }) {
      internal.caller = NOBODY;
      if (scope === 'public') return;
      const caller = callerOf(internal.gateway);
      if (!caller) throw new Unauthorized();
      if (!mayDo(caller, scope)) throw new Forbidden(`The token lacks the scope ${scope}.`);
      internal.caller = caller;
    },
  };
}

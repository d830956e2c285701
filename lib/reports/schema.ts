import * as z from 'zod/mini';
import { storeId } from '../http/parts.ts';
import { SERVER_NAMES, type Server } from '../runtime/servers.ts';

const count = z.int().check(z.gte(0));

/** A server that did not answer in time, or not at all; `ms` is how long it was waited for. */
const missing = z.strictObject({
  status: z.literal('missing'),
  ms: count,
  reason: z.string(),
});

/** What the primary tells: the stores by status, and the products of the head catalog, which is an estimate. */
const primary = z.strictObject({
  status: z.literal('answered'),
  ms: count,
  stores: z.strictObject({
    total: count,
    active: count,
    suspended: count,
    closing: count,
    closed: count,
  }),
  headProducts: count,
});

/**
 * What the secondary tells: the products of the mirror, which is an estimate, and the archived ones by where
 * they came from.
 */
const secondary = z.strictObject({
  status: z.literal('answered'),
  ms: count,
  mirrorProducts: count,
  archived: z.strictObject({ catalog: count, ingest: count }),
});

const servers = {
  primary: z.discriminatedUnion('status', [primary, missing]),
  secondary: z.discriminatedUnion('status', [secondary, missing]),
} satisfies Record<Server, z.ZodMiniType>;

/** An estimate is the server's own count of a collection: it may be off after a crash of the server. */
export const overview = z.strictObject({
  ...servers,
  missing: z.array(z.enum(SERVER_NAMES)),
});
export type Overview = z.output<typeof overview>;

export const driftQuery = z.strictObject({ store: z.optional(storeId) });

/**
 * What archived records hold and today's schema of a product does not know, the most frequent first.
 *
 * `path` is a JSON pointer (RFC 6901) into a record, down to four levels: `*` is any element of a list, and
 * a member that is itself called `*` is written `~2`. Of a name, the first 200 characters are shown.
 * `type` is JSON's, as JSON Schema has it: string, integer (a number without a fraction), number (one with a
 * fraction), boolean, object, array, null; or BSON's where JSON has none, such as date. `missing` is a member
 * that a product cannot be without, in an object that lacks it. `count` says how many records it is so in.
 */
const drifting = z.strictObject({ path: z.string(), type: z.string(), count });

export const drift = z.strictObject({
  /** How many records were looked at. */
  records: count,
  items: z.array(drifting),
  /** Whether there is more than fits: rarer paths and types are left out. */
  more: z.boolean(),
});
export type Drift = z.output<typeof drift>;

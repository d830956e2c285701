import * as z from 'zod/mini';
import { instant, storeId } from '../http/parts.ts';
import { SERVER_NAMES, type Server } from '../runtime/servers.ts';

const count = z.int().check(z.gte(0));

/** A server that did not respond in time, or whose figures could not be read. `ms` is the time that was spent. */
const missing = z.strictObject({
  status: z.literal('missing'),
  ms: count,
  reason: z.string(),
});

/** The figures of the primary: the stores by status, and an estimate of the products in the head catalog. */
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
 * The figures of the secondary: the products in the mirror, which are an estimate if the caller may see all stores, and
 * the archived records by source.
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

const cluster = { name: z.string(), stores: count, ms: count };

/** A cluster other than the primary, with the number of its stores, and the time that it took to respond to a ping. */
const clusterFigures = z.discriminatedUnion('status', [
  z.strictObject({ ...cluster, status: z.literal('answered') }),
  z.strictObject({ ...cluster, status: z.literal('missing'), reason: z.string() }),
]);

/** Estimates come from the metadata of a collection, and may be wrong after the database server crashed. */
export const overview = z.strictObject({
  ...servers,
  missing: z.array(z.enum(SERVER_NAMES)),
  clusters: z.array(clusterFigures),
});
export type Overview = z.output<typeof overview>;

export const driftQuery = z.strictObject({ store: z.optional(storeId) });

/**
 * A difference between archived records and the current product schema.
 *
 * `path` is a JSON pointer (RFC 6901) into a record, at most four levels deep. `*` stands for any element of a list; a
 * member that is named `*` is written as `~2`. Names are truncated to 200 characters.
 * `type` is a JSON Schema type: string, integer (a number without a fraction), number (with a fraction), boolean,
 * object, array or null; or a BSON type that JSON lacks, such as date. `missing` means that an object lacks a required
 * member. `count` is the number of records with this difference.
 */
const drifting = z.strictObject({ path: z.string(), type: z.string(), count });

export const drift = z.strictObject({
  /** The number of records that were compared. */
  records: count,
  /** The differences, most frequent first. */
  items: z.array(drifting),
  /** Whether less frequent differences were omitted. */
  more: z.boolean(),
  /** All records that were archived before it are included; null while the first summary is incomplete. */
  at: z.nullable(instant),
});
export type Drift = z.output<typeof drift>;

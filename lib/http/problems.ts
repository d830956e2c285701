import { InvalidRecord } from './invalid-record.ts';

/** A fault in a request: the part of the request, a JSON pointer into it (RFC 6901), and what is wrong there. */
export interface Fault {
  in: 'path' | 'query' | 'headers' | 'body' | 'archive';
  pointer: string;
  reason: string;
}

interface Details {
  /** The faults in the request, each with its location. */
  errors?: Fault[];
  /** Extension members of this problem type (RFC 9457, section 3.2). */
  extra?: Record<string, unknown>;
  headers?: Record<string, string>;
  /** The underlying error. It is logged, and never sent to the client. */
  cause?: unknown;
}

/**
 * An error that is sent to the client as problem details (RFC 9457). Any other error becomes {@link Unavailable} or a
 * 500 without details.
 */
export abstract class Problem extends Error {
  abstract readonly status: number;
  abstract readonly title: string;
  /** The last part of the problem's `type` URN, which programs compare. */
  abstract readonly kind: string;
  readonly errors: Fault[] | undefined;
  readonly extra: Record<string, unknown>;
  readonly headers: Record<string, string>;

  /** @param detail what went wrong in this request, for people */
  constructor(detail: string, { errors, extra = {}, headers = {}, cause }: Details = {}) {
    super(detail, cause === undefined ? undefined : { cause });
    this.errors = errors;
    this.extra = extra;
    this.headers = headers;
  }
}

/** The request is malformed or does not match the operation's schema. */
export class InvalidRequest extends Problem {
  override readonly name = 'InvalidRequest';
  readonly status = 400;
  readonly title = 'Invalid request';
  readonly kind = 'invalid-request';
}

/** The request has no access token that API Gateway has verified (RFC 6750, section 3). */
export class Unauthorized extends Problem {
  override readonly name = 'Unauthorized';
  readonly status = 401;
  readonly title = 'Unauthorized';
  readonly kind = 'unauthorized';

  constructor() {
    super('The request has no valid access token. Send the header Authorization: Bearer <token>.', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
}

/** The token lacks the scope of the operation, or does not cover what the request would change. */
export class Forbidden extends Problem {
  override readonly name = 'Forbidden';
  readonly status = 403;
  readonly title = 'Forbidden';
  readonly kind = 'forbidden';
}

/** The resource does not exist, or the token does not cover its store. The response is the same in both cases. */
export class NotFound extends Problem {
  override readonly name = 'NotFound';
  readonly status = 404;
  readonly title = 'Not found';
  readonly kind = 'not-found';
}

/** A unique key is already in use: the SKU of a product, or the id of a store. */
export class DuplicateKey extends Problem {
  override readonly name = 'DuplicateKey';
  readonly status = 409;
  readonly title = 'Duplicate key';
  readonly kind = 'duplicate-key';
}

/** Another request is creating a store with the same id, and its outcome is not known yet. */
export class BeingOpened extends Problem {
  override readonly name = 'BeingOpened';
  readonly status = 409;
  readonly title = 'Store is being created';
  readonly kind = 'being-opened';

  constructor(detail: string) {
    super(detail, { headers: { 'retry-after': '2' } });
  }
}

/** The store does not accept changes: it is suspended, closing or closed. */
export class StoreNotWritable extends Problem {
  override readonly name = 'StoreNotWritable';
  readonly status = 409;
  readonly title = 'Store not writable';
  readonly kind = 'store-not-writable';
}

/** The two stores of a transfer are on different clusters, which no transaction can span. */
export class DifferentClusters extends Problem {
  override readonly name = 'DifferentClusters';
  readonly status = 409;
  readonly title = 'Different clusters';
  readonly kind = 'different-clusters';

  constructor() {
    super(
      'The stores are on different clusters. Stock can only be transferred within a cluster. Nothing was changed.',
    );
  }
}

/** The change would take a stock below zero. */
export class InsufficientStock extends Problem {
  override readonly name = 'InsufficientStock';
  readonly status = 409;
  readonly title = 'Insufficient stock';
  readonly kind = 'insufficient-stock';

  /** @param stock the current stock */
  constructor(stock: number) {
    super(`Stock is ${stock}; this change would take it below zero.`, { extra: { stock } });
  }
}

/** The change would take a stock above the maximum. */
export class StockTooLarge extends Problem {
  override readonly name = 'StockTooLarge';
  readonly status = 409;
  readonly title = 'Stock too large';
  readonly kind = 'stock-too-large';

  /** @param stock the current stock */
  constructor(stock: number) {
    super(`Stock is already ${stock}; this change would exceed the maximum.`, { extra: { stock } });
  }
}

/**
 * A request in the same store with the same Idempotency-Key is running, or was interrupted so that its outcome is not
 * certain yet. `Retry-After` is when its reservation of the key ends.
 */
export class StillRunning extends Problem {
  override readonly name = 'StillRunning';
  readonly status = 409;
  readonly title = 'Request still running';
  readonly kind = 'still-running';

  /** @param seconds when the reservation of the key ends, at the latest */
  constructor(seconds: number) {
    super(
      'A request with this Idempotency-Key is still running. Retry after the delay in Retry-After.',
      { headers: { 'retry-after': String(seconds) } },
    );
  }
}

/** `If-Match` does not match the current version (RFC 9110, section 13.1.1). */
export class StaleTag extends Problem {
  override readonly name = 'StaleTag';
  readonly status = 412;
  readonly title = 'Precondition failed';
  readonly kind = 'stale-tag';
}

/** The request body exceeds the operation's limit. */
export class ContentTooLarge extends Problem {
  override readonly name = 'ContentTooLarge';
  readonly status = 413;
  readonly title = 'Content too large';
  readonly kind = 'content-too-large';
}

/** The request body's media type, charset or content encoding is not supported. */
export class UnsupportedMediaType extends Problem {
  override readonly name = 'UnsupportedMediaType';
  readonly status = 415;
  readonly title = 'Unsupported media type';
  readonly kind = 'unsupported-media-type';
}

/** The Idempotency-Key was already used for a different request in the same store. */
export class KeyReused extends Problem {
  override readonly name = 'KeyReused';
  readonly status = 422;
  readonly title = 'Idempotency-Key reused';
  readonly kind = 'idempotency-key-reused';

  constructor() {
    super('This Idempotency-Key was already used for a different request. Send a new key.', {
      errors: [
        {
          in: 'headers',
          pointer: '/idempotency-key',
          reason: 'must not be reused for a different request',
        },
      ],
    });
  }
}

/** The requested cluster of a new store does not exist. `errors` names those that do. */
export class UnknownCluster extends Problem {
  override readonly name = 'UnknownCluster';
  readonly status = 422;
  readonly title = 'Unknown cluster';
  readonly kind = 'unknown-cluster';

  /** @param names the clusters that exist */
  constructor(names: readonly string[]) {
    const reason = `must be one of ${[...names].join(', ')}`;
    super(`The cluster does not exist: it ${reason}. Nothing was changed.`, {
      errors: [{ in: 'body', pointer: '/cluster', reason }],
    });
  }
}

/** The archived record does not match the current product schema. `errors` lists the faults; nothing is changed. */
export class Drifted extends Problem {
  override readonly name = 'Drifted';
  readonly status = 422;
  readonly title = 'Record drifted';
  readonly kind = 'drifted';
}

/**
 * A server that the operation needs is not responding, or the request timed out. If the request was to change something,
 * `outcome` in its extension members is whether it may have done so.
 */
export class Unavailable extends Problem {
  override readonly name = 'Unavailable';
  readonly status = 503;
  readonly title = 'Service unavailable';
  readonly kind = 'unavailable';

  /** @param mayRetry whether the client may send the same request again without checking what it changed */
  constructor(
    detail: string,
    { mayRetry = true, ...details }: Details & { mayRetry?: boolean } = {},
  ) {
    super(detail, mayRetry ? { ...details, headers: { 'retry-after': '2' } } : details);
  }
}

/** An unexpected error on the server. Its cause is in the log only. */
export class InternalError extends Problem {
  override readonly name = 'InternalError';
  readonly status = 500;
  readonly title = 'Internal error';
  readonly kind = 'internal-error';

  constructor(cause: unknown, { extra = {} }: Pick<Details, 'extra'> = {}) {
    super(
      cause instanceof InvalidRecord
        ? 'A stored record is invalid. Quote the request id when you report it.'
        : 'The request failed. Quote its request id when you report it.',
      { cause, extra },
    );
  }
}

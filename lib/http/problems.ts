/** One fault in a request: where it is, as a JSON pointer (RFC 6901), and what is wrong there. */
export interface Fault {
  in: 'path' | 'query' | 'headers' | 'body' | 'archive';
  pointer: string;
  reason: string;
}

interface Details {
  /** Faults of the request, each where it stands. */
  errors?: Fault[];
  /** Members of this kind of problem alone (RFC 9457, section 3.2). */
  extra?: Record<string, unknown>;
  headers?: Record<string, string>;
  /** What brought it about: for the log, never for the caller. */
  cause?: unknown;
}

/**
 * A fault that the caller may know of: an answer in the form of RFC 9457. Whatever else is thrown is
 * answered as {@link Unavailable} or as a 500 that says nothing.
 */
export abstract class Problem extends Error {
  abstract readonly status: number;
  abstract readonly title: string;
  /** The kind of problem, for programs: the last part of its `type`. */
  abstract readonly kind: string;
  readonly errors: Fault[] | undefined;
  readonly extra: Record<string, unknown>;
  readonly headers: Record<string, string>;

  /** @param detail what happened this time, for the person who reads the answer */
  constructor(detail: string, { errors, extra = {}, headers = {}, cause }: Details = {}) {
    super(detail, cause === undefined ? undefined : { cause });
    this.errors = errors;
    this.extra = extra;
    this.headers = headers;
  }
}

/** The request is malformed, or its schema refuses it. Thrown before any database is touched. */
export class InvalidRequest extends Problem {
  override readonly name = 'InvalidRequest';
  readonly status = 400;
  readonly title = 'Invalid request';
  readonly kind = 'invalid-request';
}

/** The request has no token that API Gateway has checked (RFC 6750, section 3). */
export class Unauthorized extends Problem {
  override readonly name = 'Unauthorized';
  readonly status = 401;
  readonly title = 'Unauthorized';
  readonly kind = 'unauthorized';

  constructor() {
    super('Send an access token: Authorization: Bearer <token>.', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
}

/** The token does not allow the operation, or does not cover a store that is to be opened. */
export class Forbidden extends Problem {
  override readonly name = 'Forbidden';
  readonly status = 403;
  readonly title = 'Forbidden';
  readonly kind = 'forbidden';
}

/** There is no such resource, or none that the caller may see: the two answers are the same. */
export class NotFound extends Problem {
  override readonly name = 'NotFound';
  readonly status = 404;
  readonly title = 'Not found';
  readonly kind = 'not-found';
}

/** A unique key is taken: the SKU of a product, the id of a store. */
export class DuplicateKey extends Problem {
  override readonly name = 'DuplicateKey';
  readonly status = 409;
  readonly title = 'Duplicate key';
  readonly kind = 'duplicate-key';
}

/** Another request opens a store of that id at the same time. Whether it succeeds is not known yet. */
export class BeingOpened extends Problem {
  override readonly name = 'BeingOpened';
  readonly status = 409;
  readonly title = 'Store being opened';
  readonly kind = 'being-opened';

  constructor(detail: string) {
    super(detail, { headers: { 'retry-after': '2' } });
  }
}

/** The store refuses writes: it is suspended, or about to be closed. */
export class StoreNotWritable extends Problem {
  override readonly name = 'StoreNotWritable';
  readonly status = 409;
  readonly title = 'Store not writable';
  readonly kind = 'store-not-writable';
}

/** More pieces would leave a stock than there are. */
export class InsufficientStock extends Problem {
  override readonly name = 'InsufficientStock';
  readonly status = 409;
  readonly title = 'Insufficient stock';
  readonly kind = 'insufficient-stock';

  /** @param stock how many pieces are left */
  constructor(stock: number) {
    super(`There are only ${stock} left.`, { extra: { stock } });
  }
}

/** More pieces would come to a stock than it can hold. */
export class StockTooLarge extends Problem {
  override readonly name = 'StockTooLarge';
  readonly status = 409;
  readonly title = 'Stock too large';
  readonly kind = 'stock-too-large';

  /** @param stock how many pieces are there already */
  constructor(stock: number) {
    super(`There are ${stock} already: a stock cannot hold so many more.`, { extra: { stock } });
  }
}

/** A request with the same Idempotency-Key is under way, or was a moment ago and its end is not known. */
export class StillRunning extends Problem {
  override readonly name = 'StillRunning';
  readonly status = 409;
  readonly title = 'Request still running';
  readonly kind = 'still-running';

  constructor(details: Details = {}) {
    super('A request with this Idempotency-Key is still running.', {
      ...details,
      headers: { 'retry-after': '2' },
    });
  }
}

/** `If-Match` names another version than the current one (RFC 9110, section 13.1.1). */
export class StaleTag extends Problem {
  override readonly name = 'StaleTag';
  readonly status = 412;
  readonly title = 'Precondition failed';
  readonly kind = 'stale-tag';
}

/** The body is larger than the operation takes. */
export class ContentTooLarge extends Problem {
  override readonly name = 'ContentTooLarge';
  readonly status = 413;
  readonly title = 'Content too large';
  readonly kind = 'content-too-large';
}

/** The body has no content type, or one that the operation does not read. */
export class UnsupportedMediaType extends Problem {
  override readonly name = 'UnsupportedMediaType';
  readonly status = 415;
  readonly title = 'Unsupported media type';
  readonly kind = 'unsupported-media-type';
}

/** An Idempotency-Key comes again with another request. */
export class KeyReused extends Problem {
  override readonly name = 'KeyReused';
  readonly status = 422;
  readonly title = 'Idempotency-Key reused';
  readonly kind = 'idempotency-key-reused';

  constructor() {
    super('This Idempotency-Key was used for another request.', {
      errors: [
        {
          in: 'headers',
          pointer: '/idempotency-key',
          reason: 'must be a new one for a new request',
        },
      ],
    });
  }
}

/** An old record is not a product as today's schema has it. What is wrong stands in `errors`; nothing is changed. */
export class Drifted extends Problem {
  override readonly name = 'Drifted';
  readonly status = 422;
  readonly title = 'Record drifted';
  readonly kind = 'drifted';
}

/** A server that the operation needs is away, or the time was up. The same request may succeed later. */
export class Unavailable extends Problem {
  override readonly name = 'Unavailable';
  readonly status = 503;
  readonly title = 'Service unavailable';
  readonly kind = 'unavailable';

  constructor(detail: string, details: Details = {}) {
    super(detail, { ...details, headers: { 'retry-after': '2', ...details.headers } });
  }
}

/** Something went wrong that is not the caller's doing. What it was stands in the log only. */
export class InternalError extends Problem {
  override readonly name = 'InternalError';
  readonly status = 500;
  readonly title = 'Internal error';
  readonly kind = 'internal-error';

  constructor(cause: unknown) {
    super('The request failed. Its id helps to find out why.', { cause });
  }
}

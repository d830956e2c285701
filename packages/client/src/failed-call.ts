/** A call that failed. */
export interface CallDetails {
  method: string;
  url: string;
  /** The number of requests that were sent. */
  attempts: number;
  /** The request's `Idempotency-Key`, if it had one. Sent again with this key, the same change is made at most once. */
  idempotencyKey: string | undefined;
}

/** The errors that a call throws. They contain neither the token nor the body of the request. */
export abstract class FailedCall extends Error implements CallDetails {
  readonly method: string;
  readonly url: string;
  readonly attempts: number;
  readonly idempotencyKey: string | undefined;

  /** @param requestId the id of the last request, if the service responded with one */
  constructor(message: string, call: CallDetails, requestId?: string, options?: ErrorOptions) {
    const { method, url, attempts } = call;
    const tried = attempts > 1 ? `, ${attempts} attempts` : '';
    const id = requestId ? `, request ${requestId}` : '';
    super(`${message} [${method} ${url}${tried}${id}]`, options);
    this.method = method;
    this.url = url;
    this.attempts = attempts;
    this.idempotencyKey = call.idempotencyKey;
  }
}

/**
 * Returns the delay that a `Retry-After` header asks for: a number of seconds or an HTTP date (RFC 9110, section 10.2.3).
 *
 * @param now the current time in milliseconds
 * @returns milliseconds, at least 0; undefined if the header is missing or not valid
 */
export function retryAfterMs(header: string | null, now = Date.now()): number | undefined {
  const value = header?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

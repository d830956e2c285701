/**
 * Returns milliseconds as from `performance.now()`, but from another origin. `performance` is not used because Node loads
 * `perf_hooks` for it, which takes a twentieth of a function's cold start.
 */
export function monotonicMs(): number {
  const time = process.hrtime();
  return time[0] * 1e3 + time[1] / 1e6;
}

/**
 * Whether V8 took the compiled code that a packaged function comes with: see `packaging/loader.cjs`, which
 * leaves word of it. Undefined where the function runs without that.
 */
export const codeCache = (globalThis as Record<symbol, unknown>)[
  Symbol.for('manystore.codeCache')
] as 'used' | 'rejected' | undefined;

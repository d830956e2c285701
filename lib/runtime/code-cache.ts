/**
 * Whether V8 accepted the compiled code of a packaged function. `packaging/loader.mjs` sets it. Undefined if the
 * function has no compiled code.
 */
export const codeCache = (globalThis as Record<symbol, unknown>)[
  Symbol.for('manystore.codeCache')
] as 'used' | 'rejected' | undefined;

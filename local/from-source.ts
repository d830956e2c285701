import { createRequire } from 'node:module';

/**
 * The arguments with which Node loads the packages of this workspace from their sources: the condition that comes first in
 * their `exports`. Jest, esbuild and tsc use the same condition in their own settings.
 */
export const SOURCE_CONDITION = '@manystore/source';
export const FROM_SOURCE: readonly string[] = [`--conditions=${SOURCE_CONDITION}`];

/** The program of the Serverless Framework. */
export const SERVERLESS = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');

/**
 * What Node is started with to take the packages of this workspace from their sources: the condition that stands
 * first in their `exports`. Jest, esbuild and tsc are told the same one in their own settings.
 */
export const SOURCE_CONDITION = '@manystore/source';
export const FROM_SOURCE: readonly string[] = [`--conditions=${SOURCE_CONDITION}`];

import * as z from 'zod/mini';

/** The API's document, which is JSON text. */
export const apiDocument = z.string();

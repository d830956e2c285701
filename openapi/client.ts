import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTypes from 'openapi-typescript';

/*
 * `npm run client`: writes the types of the client from the API's document. (Version 6 of openapi-typescript: the
 * one after it asks for a compiler API that TypeScript 7 has not.)
 */

const DOCUMENT = new URL('../docs/openapi.json', import.meta.url);
export const PATHS = new URL('../docs/client/paths.ts', import.meta.url);

const HEAD =
  '// Generated from docs/openapi.json by `npm run client`. Do not edit: change the contracts.\n\n';

/** The types of the client, as TypeScript. */
export const clientTypes = async (): Promise<string> =>
  openapiTypes(JSON.parse(readFileSync(DOCUMENT, 'utf8')), { commentHeader: HEAD });

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PATHS, await clientTypes());

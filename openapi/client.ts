import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTypes from 'openapi-typescript';

/*
 * `npm run client`: generates the types of the client from the OpenAPI document. It uses version 6 of
 * openapi-typescript, because version 7 requires a compiler API that TypeScript 7 lacks.
 */

const DOCUMENT = new URL('../docs/openapi.json', import.meta.url);
export const PATHS = new URL('../packages/client/src/paths.ts', import.meta.url);

const HEAD =
  '// Generated from docs/openapi.json by `npm run client`. Do not edit: change the contracts.\n\n';

/** Returns the types of the client as TypeScript source. */
export async function clientTypes(): Promise<string> {
  const document = JSON.parse(readFileSync(DOCUMENT, 'utf8'));
  const types = await openapiTypes(document, { commentHeader: HEAD });
  return `${types}\n${Object.keys(document.components.schemas).map(namedType).join('\n')}\n`;
}

/** Exports a schema by its name: `Product`. What a client sends to create one is a `NewProduct`. */
const namedType = (schema: string): string =>
  `export type ${schema.replace(/^(.+)Input$/, 'New$1')} = components["schemas"]["${schema}"];`;

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PATHS, await clientTypes());

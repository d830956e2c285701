import type { BodyContract } from '#lib/http/contract.ts';
import { COLUMNS } from '#lib/products/csv-columns.ts';
import type { GatewayRequest } from '../local/gateway-event.ts';
import { asExamples } from './examples.ts';
import type { Schemas } from './schemas.ts';

const isJson = (type: string) => /[/+]json$/.test(type);

const isFor = (type: string, { headers }: GatewayRequest) => {
  const sentAs = headers?.['content-type'] ?? 'application/json';
  return type === sentAs || (isJson(type) && isJson(sentAs));
};

const COLUMN_NAMES = COLUMNS.map(
  ({ name, notation }) => `\`${name}\`${notation ? ` (\`${notation}\`)` : ''}`,
).join(', ');

/** The descriptions of text bodies, whose lines or cells are checked when they are parsed. */
const TEXTS: Record<string, string> = {
  'application/x-ndjson': 'One ImportRow per line, as JSON.',
  'application/jsonl': 'One ImportRow per line, as JSON.',
  'text/csv': `A header line with column names in any order – ${COLUMN_NAMES} and \`attributes.<name>\` – and one row per line.`,
};

/** Returns the request body of an operation, with each example under the media types that it can be sent as. */
export function requestBodyOf(
  { schema, types, maxBytes, optional = false }: BodyContract,
  { schemas, requests }: { schemas: Schemas; requests: GatewayRequest[] },
) {
  const content = (type: string) => ({
    schema: isJson(type) ? schemas.reference(schema) : textSchema(type),
    ...asExamples(requests.filter((request) => isFor(type, request)).map(({ body }) => body)),
  });
  return {
    description: `At most ${maxBytes / 1024} kB, in UTF-8, uncompressed.`,
    required: !optional,
    content: Object.fromEntries(Object.keys(types).map((type) => [type, content(type)])),
  };
}

function textSchema(type: string) {
  const description = TEXTS[type];
  if (!description) throw new Error(`${type} has no description in openapi/request-body.ts`);
  return { type: 'string', description };
}

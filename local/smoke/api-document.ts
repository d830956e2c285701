import { expectEqual } from './checks.ts';
import type { Setting } from './setting.ts';

/** The members of the API document that are used here. */
interface ApiDocument {
  info: { title: string };
  security?: object[];
  paths: Record<string, Record<string, { operationId?: string; security?: object[] }>>;
}

/**
 * Fetches the API document of the service.
 *
 * @throws {Unexpected} when the response is an error
 */
export async function fetchDocument(fetch: Setting['fetch']): Promise<ApiDocument> {
  const response = await fetch('/openapi.json');
  expectEqual('the status', response.status, 200);
  return (await response.json()) as ApiDocument;
}

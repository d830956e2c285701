import type { Reply } from './scripted-server.ts';

/** A page of stores. */
export const page = (ids: string[], next: string | null = null): Reply => ({
  status: 200,
  body: { items: ids.map((id) => ({ id })), next },
});

/** A response of API Gateway itself. */
export const gateway = (
  status: number,
  message: string,
  headers: Record<string, string> = {},
): Reply => ({ status, headers, body: { message } });

/** A problem of the service. */
export const problem = (
  status: number,
  kind: string,
  members: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Reply => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...headers },
  body: {
    type: `urn:manystore:problem:${kind}`,
    title: 'A title',
    status,
    detail: 'A detail.',
    instance: 'urn:manystore:request:4f2c',
    ...members,
  },
});

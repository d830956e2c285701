import { createHash, createHmac } from 'node:crypto';

/** The temporary credentials of a role, as Lambda gives them to a function. */
export interface RoleCredentials {
  id: string;
  secret: string;
  token: string;
}

/** A signed request: a POST to `/`. */
export interface SignedRequest {
  /** The header with the signature. */
  authorization: string;
  /** By lower-case name. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

/**
 * Whether the role has signed a request, by AWS' Signature Version 4 ("Create a signed AWS API request" in the
 * IAM user guide).
 *
 * @returns the names of the headers that are signed, or undefined when the signature is none
 */
export function signedHeaders(
  { authorization, headers, body }: SignedRequest,
  role: RoleCredentials,
): string[] | undefined {
  const [, id, scope = '', names = '', signature] =
    /Credential=([^/]+)\/(.+), ?SignedHeaders=(.+), ?Signature=(\w+)$/.exec(authorization) ?? [];
  const signed = names.split(';');
  const lines = signed.map((name) => `${name}:${headers[name]}\n`);
  const request = ['POST', '/', '', lines.join(''), names, hash(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash(request)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${role.secret}`);
  const isRoles =
    id === role.id &&
    headers['x-amz-security-token'] === role.token &&
    hmac(key, text).toString('hex') === signature;
  return isRoles ? signed : undefined;
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) =>
  createHmac('sha256', key).update(text).digest();

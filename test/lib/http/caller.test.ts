import { describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { callerOf } from '#lib/http/caller.ts';

const of = (claims: Record<string, unknown>) =>
  callerOf({
    requestContext: { authorizer: { jwt: { claims } } },
  } as unknown as APIGatewayProxyEventV2);
const storesOf = (stores: unknown) => of({ iss: 'i', sub: 's', stores })?.stores;

describe('a caller', () => {
  it('is undefined without a subject', () => {
    for (const sub of [undefined, '', 5, null, {}]) expect(of({ iss: 'i', sub })).toBeUndefined();
  });

  it('differs by issuer, and from a client with the same name', () => {
    const subjects = [
      of({ iss: 'i', sub: 'x' }),
      of({ iss: 'j', sub: 'x' }),
      of({ iss: 'i', client_id: 'x' }),
    ].map((caller) => caller?.subject);
    expect(new Set(subjects).size).toBe(3);
    expect(subjects).not.toContain(undefined);
  });

  it('can access the stores that the token lists', () => {
    for (const claim of [['b', 'a'], '[b a]', 'b a', '[a b a]', ' a  b '])
      expect(storesOf(claim)).toEqual(['a', 'b']);
  });

  it('can access all stores with a single *', () => {
    for (const claim of ['*', ['*'], '[*]']) expect(storesOf(claim)).toBe('all');
    for (const claim of ['* a', 'a,*', ['a', '*'], '[a *]']) expect(storesOf(claim)).toEqual(['a']);
    for (const claim of ['**', '* *', ['*', '*'], '[[*]]']) expect(storesOf(claim)).toEqual([]);
  });

  it('can access no store through an invalid id', () => {
    for (const claim of [
      '',
      '[',
      ']',
      '[]',
      5,
      true,
      null,
      undefined,
      { $ne: 1 },
      ['A', {}, 'a b'],
    ])
      expect(storesOf(claim)).toEqual([]);
  });
});

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
      '[a,b]',
      '[a\tb]',
    ])
      expect(storesOf(claim)).toEqual([]);
  });

  /** A claim in the token, as API Gateway passes it (a list in brackets, its elements separated by a space), and its stores. */
  const forms: [unknown, string | undefined, 'all' | string[]][] = [
    ['*', '*', 'all'],
    [['*'], '[*]', 'all'],
    ['a', 'a', ['a']],
    ['b a', 'b a', ['a', 'b']],
    [['b', 'a', 'b'], '[b a b]', ['a', 'b']],
    [['a', '*'], '[a *]', ['a']],
    [['*', ''], '[* ]', []],
    [['', '*'], '[ *]', []],
    [['*', '*'], '[* *]', []],
    [['A', 'b'], '[A b]', ['b']],
    [['a,b'], '[a,b]', []],
    [['*', null], '[* <nil>]', []],
    [['*', { id: 'x' }], '[* map[id:x]]', []],
    [[['*']], '[[*]]', []],
    [['*', []], '[* []]', []],
    [[], '[]', []],
    ['', '', []],
    [true, 'true', ['true']],
    [null, undefined, []],
  ];
  it.each(forms)(
    'sees the same stores, at most, with the claim %j and with %j',
    (claim, text, stores) => {
      expect(storesOf(text)).toEqual(stores);
      // Text does not tell whether it was a string.
      expect(storesOf(claim)).toEqual(claim === true ? [] : stores);
    },
  );

  it.each([
    [['a', null]],
    [['a', { id: 'b' }]],
    [['*', { id: 'x' }]],
    [['*', null]],
    [['a', 5]],
    [[['a'], 'b']],
  ])('sees no store for a list with an element that is not a string: %j', (claim) => {
    expect(storesOf(claim)).toEqual([]);
  });

  it('does not take an element with a space for two stores', () => {
    expect(storesOf(['a b'])).toEqual([]);
    expect(storesOf(['a b', 'c'])).toEqual(['c']);
  });

  it.each([
    [{ scope: 'a b' }, ['a', 'b']],
    [{ scp: 'a b' }, ['a', 'b']],
    [{ scp: ['a', 'b'] }, ['a', 'b']],
    [{ scp: '[a b]' }, ['a', 'b']],
    [{ scope: '', scp: 'a' }, ['a']],
    [{ scope: [], scp: 'a' }, ['a']],
    [{ scope: '[]', scp: 'a' }, ['a']],
    [{ scope: [''], scp: 'a' }, ['a']],
    [{ scope: null, scp: 'a' }, ['a']],
    [{ scope: 'a', scp: 'b' }, ['a']],
    [{ scope: { toString: 'x' } }, []],
    [{ scope: ['a', {}] }, []],
    [{}, []],
  ])('has the scopes of %j', (claims, scopes) => {
    expect([...(of({ iss: 'i', sub: 's', ...claims })?.scopes ?? [])]).toEqual(scopes);
  });
});

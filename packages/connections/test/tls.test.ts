import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mongo } from 'mongoose';
import { tlsOptions } from '../src/tls.ts';

describe('tlsOptions', () => {
  it.each([
    'mongodb://localhost:27017/manystore',
    'mongodb://127.0.0.1/?replicaSet=rs',
    'mongodb://user:p%40ss@localhost,127.0.0.1:27018,[::1]:27019/manystore',
  ])('returns nothing for local hosts: %s', (uri) => {
    expect(tlsOptions(uri)).toEqual({});
  });

  it.each([
    'mongodb://db.example/manystore',
    'mongodb+srv://user:pass@cluster.example/',
    'mongodb://localhost:27017,db.example:27017/',
    'mongodb://localhost@db.example/',
    'mongodb://localhost.example/',
    'mongodb://localhost:p@db.example/',
    'mongodb+srv://localhost/',
    'mongodb://db.example/?tlsInsecure=false&tlsCAFile=/etc/ca.pem#&tlsInsecure=true',
  ])('enables TLS if any host is remote: %s', (uri) => {
    expect(tlsOptions(uri)).toEqual({ tls: true });
  });

  it.each([
    'tls=false',
    'ssl=false',
    'tlsInsecure=true',
    'tlsAllowInvalidCertificates=true',
    'tlsAllowInvalidHostnames=true',
    'retryWrites=true&TLS=FALSE',
    'tlsInsecure=%74rue',
    'tlsInsecure=%74%72%75%65',
    'tls%49nsecure=true',
    '%74%6C%73%49%6E%73%65%63%75%72%65=true',
    'TLSINSECURE=true',
    'tls\tInsecure=tr\tue',
    'tlsInsecure=false&tlsInsecure=true',
    'tls=true&ssl=false',
    'tls=true&TLS=%66alse',
    '&&tlsInsecure=true#',
    'rejectUnauthorized=false',
    'checkServerIdentity=0',
    'servername=another.example',
    'ca=a%20certificate',
    'ciphers=NULL',
    'secureProtocol=TLSv1_method',
  ])('throws if a remote connection string contains %j', (option) => {
    for (const uri of [
      `mongodb://user:s3cret@db.example/?${option}`,
      `mongodb://user:s3cret@localhost,db.example/?${option}`,
      `mongodb+srv://user:s3cret@localhost/?${option}`,
    ]) {
      expect(() => tlsOptions(uri)).toThrow(/must not disable TLS/);
      expect(() => tlsOptions(uri)).not.toThrow(/s3cret/);
    }
  });

  it('leaves TLS and certificate validation on, whichever way the driver reads the options', () => {
    const names = ['tls', 'ssl', 'tlsInsecure', 'tlsAllowInvalidCertificates', 'ca', 'servername']
      .concat(['tlsAllowInvalidHostnames', 'rejectUnauthorized', 'checkServerIdentity'])
      .map(spelled);
    const values = ['true', 'false', '0', ''].map(spelled);
    const option = fc.tuple(fc.oneof(...names), fc.constantFrom('=', '=='), fc.oneof(...values));
    const separator = fc.constantFrom('&', ';', '#', '?', '/?', '&&', '%26', '\n', '\t&', '@');
    const text = fc
      .array(
        fc.tuple(
          separator,
          option.map((parts) => parts.join('')),
        ),
        { maxLength: 3 },
      )
      .map((parts) => parts.flat().join(''));
    let accepted = 0;
    fc.assert(
      fc.property(text, (options) => {
        const uri = `mongodb://db.example/?w=1${options}`;
        const read = optionsOfDriver(uri);
        if (!read) return;
        accepted += 1;
        const { tls, rejectUnauthorized, checkServerIdentity, ca, servername } = read;
        expect([tls, String(rejectUnauthorized) === 'false']).toEqual([true, false]);
        expect([checkServerIdentity, ca, servername]).toEqual([undefined, undefined, undefined]);
      }),
      { numRuns: 3_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

/** A word in any case, each letter as it is or in percent form. */
const spelled = (word: string): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom('plain', 'plain', 'other case', 'percent'), {
      minLength: word.length,
      maxLength: word.length,
    })
    .map((ways) => [...word].map((letter, at) => writtenAs(letter, ways[at])).join(''));

function writtenAs(letter: string, way: string | undefined): string {
  if (way === 'percent') return `%${letter.charCodeAt(0).toString(16)}`;
  const other = letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase();
  return way === 'other case' ? other : letter;
}

/** What the driver makes of a connection string with `tlsOptions()`; undefined if one of the two rejects it. */
function optionsOfDriver(uri: string): mongo.MongoOptions | undefined {
  try {
    return new mongo.MongoClient(uri, tlsOptions(uri)).options;
  } catch {
    return undefined;
  }
}

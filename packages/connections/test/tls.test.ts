import { describe, expect, it } from '@jest/globals';
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
  ])('throws if a remote connection string contains %s', (option) => {
    const uri = `mongodb://user:s3cret@db.example/?${option}`;
    expect(() => tlsOptions(uri)).toThrow(/must not disable TLS/);
    expect(() => tlsOptions(uri)).not.toThrow(/s3cret/);
  });
});

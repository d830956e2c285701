import { describe, expect, it } from '@jest/globals';
import { hashOf, idempotencyKeyOf, requestIdentity } from '#lib/http/idempotency-key.ts';

const request = {
  caller: { subject: '["https://issuer.example","subject","ann"]' },
  url: '/stores/acme/products',
  headers: { 'idempotency-key': 'key-1' },
  body: { sku: 'A-1', name: 'Lamp', price: { amount: 1999, currency: 'EUR' }, tags: [] },
};

describe('an Idempotency-Key', () => {
  // These three hashes must never change, so that a deployment finds the records of the last 24 hours.
  it('has the same fingerprint, record id and name as in earlier versions', () => {
    const key = idempotencyKeyOf(request);
    expect(key?.fingerprint).toBe('XoU1xZFHK7mW5KX8TLRcIfx4AVy100XTxKwD6slhXXo');
    expect(hashOf([key?.caller, key?.key])).toBe('pbrlopbPdBJuEilgXPFP0kuEyMlq3Uz0gU0Sc0-h7ho');
    expect(requestIdentity(request)).toBe('UxYQoH3fYsVt6ah6hsicLlbxxBL4EYvQ9Qdig1xQyxE');
  });

  it('is undefined without the header, and each request then has its own name', () => {
    const without = { ...request, headers: {} };
    expect(idempotencyKeyOf(without)).toBeUndefined();
    expect(requestIdentity(without)).not.toBe(requestIdentity(without));
  });
});

import { describe, expect, it } from '@jest/globals';
import { expectedVersions, isExpected } from '#lib/http/etag.ts';

describe('If-Match', () => {
  it.each([undefined, '*', '"1", *'])('%j allows every version', (header) => {
    expect(isExpected(expectedVersions(header), { version: 7 })).toBe(true);
  });

  it.each([
    ['"7"', true],
    ['"6", "7"', true],
    ['"6"', false],
    ['W/"7"', false],
    ['"07"', false],
    ['"7 "', false],
    ['"seven"', false],
    ['"*"', false],
    ['""', false],
  ])('%j allows version 7: %s', (header, allowed) => {
    expect(isExpected(expectedVersions(header), { version: 7 })).toBe(allowed);
  });
});

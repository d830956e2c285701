import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesInAnswer, mostBytesInAnswer } from '#lib/http/answer-size.ts';

const texts = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });
const values = fc.letrec((tie) => ({
  value: fc.oneof(texts, fc.double(), fc.boolean(), fc.constant(null), fc.date(), tie('members')),
  members: fc.oneof(fc.array(tie('value')), fc.dictionary(texts, tie('value'))),
}));

it('never underestimates the size of a value', () => {
  fc.assert(
    fc.property(values.value, (value) => {
      expect(mostBytesInAnswer(value)).toBeGreaterThanOrEqual(bytesInAnswer(value));
    }),
  );
});

it.each(['\u0001', '"', '\\', '\n', '\ud800', 'ä', '語', '😀'])(
  'does not underestimate a text of many %j',
  (text) => {
    const value = [{ [text.repeat(100)]: text.repeat(1_000) }];
    expect(mostBytesInAnswer(value)).toBeGreaterThanOrEqual(bytesInAnswer(value));
  },
);

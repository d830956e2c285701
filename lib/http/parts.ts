import * as z from 'zod/mini';
import { STORE_ID } from '../store-id.ts';

/** Text of one or more lines. */
const text = (maximum: number) =>
  z
    .string()
    .check(
      z.maxLength(maximum),
      z.regex(/^[^\0]*$/, { error: 'must not contain the character U+0000' }),
    );

/** An integer from 0 to `maximum`; -0 is 0. */
const count = (maximum: number) =>
  z.int().check(
    z.gte(0),
    z.lte(maximum),
    z.overwrite((value) => value + 0),
  );

/** An integer as text, in a query parameter. */
const integerText = ({ min, max }: { min: number; max: number }) =>
  z.pipe(
    z.pipe(
      z.string().check(z.regex(/^(?:0|-?[1-9]\d{0,14})$/, { error: 'must be an integer' })),
      z.transform(Number),
    ),
    z.int().check(z.gte(min), z.lte(max)),
  );

const objectId = z
  .string()
  .check(z.regex(/^[0-9a-f]{24}$/, { error: 'must be 24 lowercase hexadecimal digits' }));

const storeId = z.string().check(
  z.regex(STORE_ID, {
    error:
      'must be 1 to 30 lowercase letters, digits and hyphens, without a leading or trailing hyphen',
  }),
);

/** ISO 4217. */
const currency = z.currencyCode({
  error: ({ input }) => (input === undefined ? undefined : 'must be an ISO 4217 currency code'),
});

const instant = z.iso.datetime();

/** A version, which grows with each change. */
const version = z.int().check(z.gte(1));

/** Query parameters of every list. */
const page = {
  limit: z._default(integerText({ min: 1, max: 100 }), 20),
  cursor: z.optional(z.string().check(z.maxLength(2_000))),
};

/** A page of a list; `next` is the cursor of the next page. */
const pageOf = <T extends z.ZodMiniType>(item: T) =>
  z.strictObject({ items: z.array(item), next: z.nullable(z.string()) });

export { count, currency, instant, integerText, objectId, page, pageOf, storeId, text, version };

import { mongo } from 'mongoose';

/** A price in the currency's minor unit, or why there is none. */
export type Amount = { amount: number } | { fault: string };

/** A sum of floating-point prices may differ by this from the price that was meant, in minor units. */
const FLOAT_NOISE = 1e-6;

/**
 * Converts a price of any BSON type to an integer in the currency's minor unit. It calculates with the decimal digits,
 * because `19.99 * 100` is 1998.9999999999998.
 *
 * @param digits the number of decimals of the currency
 * @param round whether a price with more decimals is rounded, half away from zero. Otherwise it is a fault
 */
export function amountOf(
  price: unknown,
  { digits, round }: { digits: number; round: boolean },
): Amount {
  if (price === undefined || price === null) return { fault: 'is missing' };
  const text = textOf(price);
  if (text === undefined) return { fault: 'is not a number' };
  if (/nan|inf/i.test(text)) return { fault: `is not a finite number: ${text}` };
  const [, sign, integer, fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  if (integer === undefined)
    return { fault: 'is a text that is not a decimal number such as 19.99' };
  const shift = Number(exponent) - fraction.length + digits;
  const value = BigInt(integer + fraction) * 10n ** BigInt(Math.max(shift, 0));
  const divisor = 10n ** BigInt(Math.max(-shift, 0));
  if (sign && value !== 0n) return { fault: `is negative: ${text}` };
  const rounded = (2n * value + divisor) / (2n * divisor);
  const isExact = rounded * divisor === value || isNoise(price, Number(rounded), digits);
  if (isExact || round) return { amount: Number(rounded) };
  return { fault: `has more than ${digits} decimals: ${text}` };
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,4}))?$/i;
/** A text may have no exponent, since one of a few characters could be a number of any size. */
const PLAIN = /^-?\d{1,30}(?:\.\d{1,30})?$/;

/** Returns the decimal digits of a number or of a text; undefined for another type. */
function textOf(price: unknown): string | undefined {
  if (typeof price === 'number') return String(price);
  if (price instanceof mongo.Decimal128 || price instanceof mongo.Long) return price.toString();
  if (typeof price !== 'string') return undefined;
  const text = price.trim();
  return PLAIN.test(text) ? text : '';
}

const isNoise = (price: unknown, rounded: number, digits: number): boolean =>
  typeof price === 'number' && Math.abs(price * 10 ** digits - rounded) < FLOAT_NOISE;

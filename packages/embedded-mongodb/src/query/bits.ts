import { numeric, rank, rankOf } from '../bson/compare.ts';
import { MongoCommandError } from '../errors.ts';

/** A mask as a query gives it: a number, or the positions of its bits. */
function maskOf(argument: unknown): bigint {
  if (Array.isArray(argument)) {
    return argument.reduce<bigint>((mask, bit) => mask | (1n << BigInt(numeric(bit))), 0n);
  }
  const mask = numeric(argument);
  if (Number.isInteger(mask) && mask >= 0) return BigInt(mask);
  throw new MongoCommandError(
    2,
    'a bit mask must be a non-negative integer or a list of positions',
  );
}

/**
 * The test for a value's bits.
 *
 * @param argument the mask
 * @param accept called with the bits of the mask that are set
 */
export function bitTest(
  argument: unknown,
  accept: (bits: bigint, mask: bigint) => boolean,
): (value: unknown) => boolean {
  const mask = maskOf(argument);
  return (value) => {
    if (rankOf(value) !== rank.number) return false;
    const number = typeof value === 'bigint' ? value : numeric(value);
    if (typeof number === 'number' && !Number.isInteger(number)) return false;
    const bits = BigInt.asUintN(64, BigInt(number));
    return accept(bits & mask, mask);
  };
}

import { Decimal128, type Double } from 'bson';
import { addDecimals, type Decimal, decimalOf, exactDouble } from './decimal.ts';

const double = new Float64Array(1);
const units = new Uint16Array(double.buffer);
const exact = '\u8000';
const nan = '\0\0\0\0';

/** Encodes a double as four code units that sort like the numbers. */
export function doubleKey(value: number): string {
  double[0] = value === 0 ? 0 : value;
  const [d = 0, c = 0, b = 0, a = 0] = units;
  return a & 0x8000
    ? String.fromCharCode(a ^ 0xffff, b ^ 0xffff, c ^ 0xffff, d ^ 0xffff)
    : String.fromCharCode(a | 0x8000, b, c, d);
}

/** Returns the nines' complement of digits, so that larger digits sort first. */
function complement(digits: string): string {
  return digits.replace(/\d/g, (digit) => String(9 - Number(digit)));
}

/**
 * Encodes the distance of a number to its nearest double as text that sorts like the distances. For an
 * int64 the distance is a small integer; for a decimal it can be any fraction.
 */
function distanceKey({ digits, exponent }: Decimal): string {
  const unit = 10n ** BigInt(Math.max(-exponent, 0));
  const scaled = digits * 10n ** BigInt(Math.max(exponent, 0));
  let whole = scaled / unit;
  let fraction = scaled % unit;
  if (fraction < 0n) {
    whole -= 1n;
    fraction += unit;
  }
  const text = String(whole < 0n ? -whole : whole);
  if (text.length > 4) {
    return whole < 0n
      ? `${String.fromCharCode(0x2000 - text.length)}${complement(text)}`
      : `${String.fromCharCode(0xe000 + text.length)}${text}`;
  }
  // An odd unit says that a fraction follows, up to a zero.
  const head = String.fromCharCode(0x8000 + 2 * Number(whole) + (fraction === 0n ? 0 : 1));
  if (fraction === 0n) return head;
  return `${head}${String(fraction).padStart(-exponent, '0').replace(/0+$/, '')}\0`;
}

function decimalKey(value: Decimal128): string {
  const text = value.toString();
  const decimal = decimalOf(text);
  const near = Number(text);
  if (Number.isNaN(near)) return nan + exact;
  if (!decimal) return doubleKey(near) + exact;
  if (!Number.isFinite(near)) {
    // Beyond every finite double, but finite.
    const edge = near > 0 ? Number.MAX_VALUE : -Number.MAX_VALUE;
    return doubleKey(edge) + distanceFrom(edge, decimal);
  }
  return doubleKey(near) + distanceFrom(near, decimal);
}

function distanceFrom(near: number, decimal: Decimal): string {
  const { digits, exponent } = exactDouble(near);
  return distanceKey(addDecimals(decimal, { digits: -digits, exponent }));
}

/**
 * Returns a string for a number of any BSON type. Two such strings compare (`<` and `===`) exactly
 * like the numbers.
 */
export function numberKey(value: number | bigint | Double | Decimal128): string {
  if (typeof value === 'number') {
    return Number.isNaN(value) ? nan + exact : doubleKey(value) + exact;
  }
  if (typeof value === 'bigint') {
    const near = Number(value);
    const distance = Number(value - BigInt(near));
    return doubleKey(near) + String.fromCharCode(0x8000 + 2 * distance);
  }
  return value instanceof Decimal128 ? decimalKey(value) : numberKey(value.value);
}

import { Decimal128 } from 'bson';

/** A finite decimal number: `digits` times ten to the power of `exponent`. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const precision = 34;
const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;
const bits = new DataView(new ArrayBuffer(8));

function power(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

/**
 * Parses the text of a decimal.
 *
 * @returns undefined for NaN and the infinities
 */
export function decimalOf(text: string): Decimal | undefined {
  const found = pattern.exec(text);
  if (!found) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = found;
  const digits = BigInt(`${whole}${fraction}` || '0');
  return {
    digits: sign === '-' ? -digits : digits,
    exponent: Number(exponent) - fraction.length,
  };
}

/** Returns the exact decimal value of a finite double. */
export function exactDouble(value: number): Decimal {
  bits.setFloat64(0, value);
  const word = bits.getBigUint64(0);
  const biased = Number((word >> 52n) & 0x7ffn);
  const fraction = word & 0xfffffffffffffn;
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
  const exponent = Math.max(biased, 1) - 1075;
  const signed = value < 0 ? -mantissa : mantissa;
  if (exponent >= 0) return { digits: signed << BigInt(exponent), exponent: 0 };
  return { digits: signed * 5n ** BigInt(-exponent), exponent };
}

function aligned(a: Decimal, b: Decimal): [x: bigint, y: bigint, exponent: number] {
  const exponent = Math.min(a.exponent, b.exponent);
  return [
    a.digits * power(a.exponent - exponent),
    b.digits * power(b.exponent - exponent),
    exponent,
  ];
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const [x, y, exponent] = aligned(a, b);
  return { digits: x + y, exponent };
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, exponent: a.exponent + b.exponent };
}

/** Returns the quotient with more digits than a Decimal128 holds. `b` must not be zero. */
export function divideDecimals(a: Decimal, b: Decimal): Decimal {
  const more = precision * 2 + String(b.digits).length;
  const digits = (a.digits * power(more)) / b.digits;
  return shortened({ digits, exponent: a.exponent - b.exponent - more });
}

/** Returns the remainder of an integer division. */
export function remainderOf(a: Decimal, b: Decimal): Decimal {
  const [x, y, exponent] = aligned(a, b);
  return { digits: x % y, exponent };
}

/** Removes trailing zeros, which a division adds. */
function shortened({ digits, exponent }: Decimal): Decimal {
  let [left, zeros] = [digits, 0];
  while (left !== 0n && left % 10n === 0n && exponent + zeros < 0) {
    left /= 10n;
    zeros += 1;
  }
  return { digits: left, exponent: exponent + zeros };
}

/**
 * Rounds a decimal.
 *
 * @param exponent the exponent of the last digit to keep
 * @param mode to the nearest (ties to even), towards zero, up or down
 */
export function roundDecimal(
  value: Decimal,
  exponent: number,
  mode: 'nearest' | 'zero' | 'up' | 'down',
): Decimal {
  if (value.exponent >= exponent) return value;
  const unit = power(exponent - value.exponent);
  let digits = value.digits / unit;
  const rest = value.digits % unit;
  if (rest === 0n) return { digits, exponent };
  const step = value.digits < 0n ? -1n : 1n;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const half = twice > unit || (twice === unit && digits % 2n !== 0n);
  const away = { nearest: half, zero: false, up: step > 0n, down: step < 0n }[mode];
  if (away) digits += step;
  return { digits, exponent };
}

/** Converts a decimal to BSON's type, rounded to 34 digits. */
export function toDecimal128(value: Decimal): Decimal128 {
  const length = String(value.digits < 0n ? -value.digits : value.digits).length;
  const surplus = Math.max(length - precision, 0);
  const { digits, exponent } = roundDecimal(value, value.exponent + surplus, 'nearest');
  return Decimal128.fromString(`${digits}E${exponent}`);
}

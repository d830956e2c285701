/**
 * Returns the media type that an `Accept` header prefers: the named one with the greatest weight (RFC 9110, section
 * 12.5.1), or the first of equals; undefined if it names none of them. Wildcards are ignored.
 */
export function preferredType<Type extends string>(
  accept: string,
  types: readonly Type[],
): Type | undefined {
  const weights = new Map<string, number>();
  for (const range of accept.toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(type, weight === undefined ? 1 : Number(weight.slice(2)) || 0);
  }
  const weightOf = (type: Type) => weights.get(type) ?? 0;
  const [most] = types.toSorted((one, other) => weightOf(other) - weightOf(one));
  return most !== undefined && weightOf(most) > 0 ? most : undefined;
}

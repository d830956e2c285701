import type * as z from 'zod/mini';

type AnyCheck = z.core.$ZodChecks | { _zod: { def: z.core.$ZodCustomDef } };

/**
 * Whether a value passes a check of a schema, as a function of a value of the schema's type. It says no also
 * where the check would change the value, or is of a kind that is not known here.
 */
export function passes(check: z.core.$ZodCheck): (value: unknown) => boolean {
  const { def } = (check as AnyCheck)._zod;
  switch (def.check) {
    case 'max_length':
      return (value) => (value as string | unknown[]).length <= def.maximum;
    case 'greater_than':
      return (value) =>
        (value as number) > (def.value as number) || (def.inclusive && value === def.value);
    case 'less_than':
      return (value) =>
        (value as number) < (def.value as number) || (def.inclusive && value === def.value);
    case 'string_format': {
      // Other formats look at more than their pattern.
      const { format, pattern } = def;
      const isPattern = format === 'regex' || format === 'currency_code';
      if (!isPattern || !pattern || pattern.global || pattern.sticky) return () => false;
      return (value) => pattern.test(value as string);
    }
    case 'overwrite':
      return (value) => Object.is(def.tx(value), value);
    case 'custom':
      return (value) => def.fn(value as never) === true;
    default:
      return () => false;
  }
}

import * as z from 'zod/mini';
import type { Fault } from './problems.ts';

// zod/mini comes without words. These are ours; a schema's own `error` goes before them.
z.config({ customError: (issue) => reasonFor(issue) });

/** More of them help nobody, and would make an answer of any size. */
export const MOST_FAULTS = 100;

/** What a schema found, as faults of the part of the request where it looked: the first hundred. */
export function faultsOf(where: Fault['in'], error: z.core.$ZodError): Fault[] {
  return error.issues.flatMap((issue) => faultsOfIssue(where, issue)).slice(0, MOST_FAULTS);
}

function faultsOfIssue(where: Fault['in'], issue: z.core.$ZodIssue): Fault[] {
  const fault = (path: PropertyKey[], reason: string) => ({
    in: where,
    pointer: pointerTo(path),
    reason,
  });
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => fault([...issue.path, key], issue.message));
  if (issue.code === 'invalid_key')
    return issue.issues.map((inner) => fault(issue.path, `its name ${inner.message}`));
  return [fault(issue.path, issue.message)];
}

/** A name in a body of 6 MB can be so long that no answer can hold it. */
const LONGEST_NAME = 200;

/** RFC 6901, section 3. Names that are too long for anything known are cut. */
export const pointerTo = (path: PropertyKey[]): string =>
  path.map((part) => `/${cut(String(part)).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const cut = (name: string): string =>
  name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME).toWellFormed()}…` : name;

/** What JSON calls the types that zod calls otherwise. */
const JSON_TYPES: Record<string, string> = { record: 'object', int: 'integer' };

const UNITS: Record<string, string> = {
  string: ' characters',
  array: ' items',
  record: ' members',
};

const LONGEST_REASON = 300;

/** Faults in one line of words, each as its pointer and its reason; what is too long is cut. */
export function inWords(faults: Pick<Fault, 'pointer' | 'reason'>[]): string {
  const text = faults.map(({ pointer, reason }) => `${pointer} ${reason}`.trim()).join('; ');
  return text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON).toWellFormed()}…` : text;
}

function reasonFor(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is required';
      return `must be of the type ${JSON_TYPES[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return `must be at least ${issue.minimum}${lengthOf(issue.origin)}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${lengthOf(issue.origin)}`;
    case 'invalid_value':
      return `must be one of ${issue.values?.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return 'is not known here';
    default:
      return 'is not valid';
  }
}

const lengthOf = (origin: string | undefined): string => {
  const unit = UNITS[origin ?? ''];
  return unit ? `${unit} long` : '';
};

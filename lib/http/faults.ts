import * as z from 'zod/mini';
import type { Fault } from './problems.ts';

// zod/mini has no default messages. These apply unless a schema has its own `error`.
z.config({ customError: (issue) => reasonFor(issue) });

/** The maximum number of faults in a response, which bounds its size. */
export const MAX_FAULTS = 100;

/** Returns a schema's issues as faults of one part of the request: at most {@link MAX_FAULTS}. */
export function faultsOf(where: Fault['in'], error: z.core.$ZodError): Fault[] {
  return error.issues.flatMap((issue) => faultsOfIssue(where, issue)).slice(0, MAX_FAULTS);
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
    return issue.issues.map((inner) =>
      fault(issue.path, `has an invalid name: it ${inner.message}`),
    );
  return [fault(issue.path, issue.message)];
}

/** The maximum length of a name in a pointer. A name in a body of 6 MB can be too long for any response. */
const MAX_NAME_LENGTH = 200;

/** Returns the JSON pointer of a path (RFC 6901, section 3). Names longer than any known one are truncated. */
export const pointerTo = (path: PropertyKey[]): string =>
  path.map((part) => `/${cut(String(part)).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const cut = (name: string): string =>
  name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH).toWellFormed()}…` : name;

/** The JSON names of types that zod names differently. */
const JSON_TYPES: Record<string, string> = { record: 'object', int: 'integer' };

/** What is counted in a value that has a length, in the singular. */
const UNITS: Record<string, string> = { string: 'character', array: 'item', record: 'member' };

const MAX_REASON_LENGTH = 300;

/** Returns faults as one line of text, each as its pointer and reason. Long text is truncated. */
export function inWords(faults: Pick<Fault, 'pointer' | 'reason'>[]): string {
  const text = faults.map(({ pointer, reason }) => `${pointer} ${reason}`.trim()).join('; ');
  return text.length > MAX_REASON_LENGTH ? `${text.slice(0, MAX_REASON_LENGTH).toWellFormed()}…` : text;
}

function reasonFor(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is required';
      return `must be of type ${JSON_TYPES[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return `must ${bound('at least', issue.minimum, issue.origin)}`;
    case 'too_big':
      return `must ${bound('at most', issue.maximum, issue.origin)}`;
    case 'invalid_value':
      return `must be one of ${issue.values?.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return 'is not recognized';
    default:
      return 'is not valid';
  }
}

/** Returns `be at most 9` for a number, and `have at most 9 characters` for a value that has a length. */
function bound(limit: string, count: number | bigint, origin: string | undefined): string {
  const unit = UNITS[origin ?? ''];
  return unit ? `have ${limit} ${count} ${unit}${count === 1 ? '' : 's'}` : `be ${limit} ${count}`;
}

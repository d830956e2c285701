import * as z from 'zod/mini';
import type { Contract, ProblemClass, Repeat, Route } from '#lib/http/contract.ts';
import type { Outcome } from '#lib/http/failed-change.ts';
import { MAX_FAULTS } from '#lib/http/faults.ts';
import {
  ContentTooLarge,
  Forbidden,
  InternalError,
  InvalidRequest,
  KeyReused,
  NotFound,
  type Problem,
  StaleTag,
  StillRunning,
  StoreNotWritable,
  Unauthorized,
  Unavailable,
  UnsupportedMediaType,
} from '#lib/http/problems.ts';
import { changeWords, type ProblemWords, problemWords } from './problem-words.ts';

/** A kind of problem: what its class in `lib/http/problems.ts` and its row in {@link problemWords} declare. */
export interface Kind extends ProblemWords {
  /** The name of its class, or of its response in the document. */
  name: string;
  status: number;
  title: string;
  /** The URN that is its `type`. */
  type: string;
  /** The headers that its responses always have, and those that they may have. */
  headers: { always: string[]; sometimes: string[] };
  schema: z.ZodMiniType;
}

/** The schema of a fault of a request; see `Fault` in `lib/http/problems.ts`. */
export const fault = z.strictObject({
  in: z.enum(['path', 'query', 'headers', 'body', 'archive']),
  pointer: z.string(),
  reason: z.string(),
});

const kinds = new Map<ProblemClass, Kind>();

/** Returns the kind of problem that a class declares. */
export function kindOf(Class: ProblemClass): Kind {
  const known = kinds.get(Class);
  if (known) return known;
  const { name, headers }: Problem = Reflect.construct(Class, ['']);
  const words: ProblemWords = problemWords[name as keyof typeof problemWords];
  const { always = [], sometimes = [] } = words.headers ?? {};
  const made: Kind = {
    ...words,
    ...declared(Class, words.extra),
    name,
    headers: { always: [...Object.keys(headers), ...always], sometimes },
  };
  kinds.set(Class, made);
  return made;
}

/** Returns what a class declares, and the schema of its problems with the extension members `extra`. */
function declared(Class: ProblemClass, extra: ProblemWords['extra'] = {}) {
  const { status, title, kind }: Problem = Reflect.construct(Class, ['']);
  const type = `urn:manystore:problem:${kind}`;
  const schema = z.strictObject({
    type: z.literal(type),
    title: z.literal(title),
    status: z.literal(status),
    detail: z.string(),
    instance: z.string(),
    errors: z.optional(z.array(fault).check(z.maxLength(MAX_FAULTS))),
    ...extra,
  });
  return { status, title, type, schema };
}

const outcome: z.ZodMiniType<Outcome> = z.enum(['not-applied', 'unknown']);
const retryAfter = ['retry-after'];
const ofChange = declared(Unavailable, { outcome });

/** The kinds of problems with status 5xx of an operation that changes something, by whether it can be repeated. */
const unavailableOfChange: Record<Repeat, Kind> = {
  safe: {
    ...ofChange,
    ...changeWords.Unavailable.safe,
    name: 'ChangeUnavailable',
    headers: { always: retryAfter, sometimes: [] },
  },
  'needs-key': {
    ...ofChange,
    ...changeWords.Unavailable['needs-key'],
    name: 'KeyedChangeUnavailable',
    headers: { always: [], sometimes: retryAfter },
  },
};
const internalErrorOfChange: Kind = {
  ...declared(InternalError, { outcome }),
  ...changeWords.InternalError,
  name: 'ChangeInternalError',
  headers: { always: [], sometimes: [] },
};

/** All kinds of problems that {@link kindOf} does not return. */
export const changeKinds: Kind[] = [...Object.values(unavailableOfChange), internalErrorOfChange];

/** Returns the kinds of problems with status 5xx of an operation. */
const failuresOf = ({ repeat }: Contract): Kind[] =>
  repeat
    ? [internalErrorOfChange, unavailableOfChange[repeat]]
    : [InternalError, Unavailable].map((Class) => kindOf(Class));

/**
 * Returns the kinds of problems that an operation can return on one of its routes: those that its contract
 * lists, and those that follow from the rest of the contract.
 */
export function problemsOf(contract: Contract, route: Route): Kind[] {
  const { scope, body, headers, problems = [] } = contract;
  const has = (name: string) => headers !== undefined && name in shapeOf(headers);
  const isInStore = route.includes('{store}');
  const mayBe = (Class: ProblemClass) =>
    Class !== StoreNotWritable ||
    isInStore ||
    !contract.routes.some((it) => it.includes('{store}'));
  const classes: ProblemClass[] = [
    InvalidRequest,
    ...(scope === 'public' ? [] : [Unauthorized, Forbidden]),
    ...(route.includes('{') ? [NotFound] : []),
    ...problems.filter(mayBe),
    ...(has('idempotency-key') ? [StillRunning, KeyReused] : []),
    ...(has('if-match') ? [StaleTag] : []),
    ...(body ? [ContentTooLarge, UnsupportedMediaType] : []),
  ];
  const found = [...[...new Set(classes)].map(kindOf), ...failuresOf(contract)];
  return found.sort((one, other) => one.status - other.status);
}

/** Returns the members of an object schema. */
export const shapeOf = (schema: z.ZodMiniType): Record<string, z.ZodMiniType> =>
  (schema as unknown as z.ZodMiniObject<Record<string, z.ZodMiniType>>).shape;

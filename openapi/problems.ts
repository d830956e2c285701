import * as z from 'zod/mini';
import type { Contract, ProblemClass, Route } from '#lib/http/contract.ts';
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
import { type Told, told } from './problem-words.ts';

/** A kind of problem, as its class in `lib/http/problems.ts` and its row in {@link told} have it. */
export interface Kind extends Told {
  /** Its class and its component of the document are called so. */
  name: string;
  status: number;
  title: string;
  /** What its `type` is: a URN. */
  type: string;
  /** The headers that its answers always have, and those that they may have. */
  headers: { always: string[]; sometimes: string[] };
  schema: z.ZodMiniType;
}

/** A fault of a request, as `lib/http/problems.ts` has it. */
export const fault = z.strictObject({
  in: z.enum(['path', 'query', 'headers', 'body', 'archive']),
  pointer: z.string(),
  reason: z.string(),
});

const kinds = new Map<ProblemClass, Kind>();

/** What a class of problems always says. */
export function kindOf(Class: ProblemClass): Kind {
  const known = kinds.get(Class);
  if (known) return known;
  const { name, status, title, kind, headers }: Problem = Reflect.construct(Class, ['']);
  const words: Told = told[name as keyof typeof told];
  const { always = [], sometimes = [] } = words.headers ?? {};
  const type = `urn:manystore:problem:${kind}`;
  const made: Kind = {
    ...words,
    ...{ name, status, title, type },
    headers: { always: [...Object.keys(headers), ...always], sometimes },
    schema: z.strictObject({
      type: z.literal(type),
      title: z.literal(title),
      status: z.literal(status),
      detail: z.string(),
      instance: z.string(),
      errors: z.optional(z.array(fault).check(z.maxLength(MAX_FAULTS))),
      ...words.extra,
    }),
  };
  kinds.set(Class, made);
  return made;
}

/**
 * The kinds of problems that an operation can answer with on one of its routes: those that its contract
 * names, and those that follow from the rest of it.
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
    InternalError,
    Unavailable,
  ];
  return [...new Set(classes)].map(kindOf).sort((one, other) => one.status - other.status);
}

/** The members of a schema that is an object's. */
export const shapeOf = (schema: z.ZodMiniType): Record<string, z.ZodMiniType> =>
  (schema as unknown as z.ZodMiniObject<Record<string, z.ZodMiniType>>).shape;

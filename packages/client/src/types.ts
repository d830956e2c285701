import type { components, paths } from './paths.ts';

/** A method that the API has. */
export type Method = 'get' | 'post' | 'patch' | 'delete';

/** The routes that have a method. */
export type PathWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, unknown> ? P : never;
}[keyof paths];

/** The operation of a route and a method. */
export type OperationOf<P extends keyof paths, M extends Method> =
  paths[P] extends Record<M, infer Operation> ? Operation : never;

/** Makes a member optional if all of its own members are. */
type OptionalIfEmpty<Name extends string, T> =
  Partial<T> extends T ? { [K in Name]?: T } : { [K in Name]: T };

type Params<Operation> = Operation extends { parameters: infer P }
  ? OptionalIfEmpty<'params', P>
  : { params?: never };

type Body<Operation> = Operation extends { requestBody: { content: infer Content } }
  ? { body: Content[keyof Content] }
  : 'requestBody' extends keyof Operation
    ? OptionalBody<NonNullable<Operation['requestBody']>>
    : { body?: never };

type OptionalBody<Request> = Request extends { content: infer Content }
  ? { body?: Content[keyof Content] }
  : never;

/** What every call accepts. */
export interface CallSettings {
  /** Further headers. A body that is a string, such as a CSV file, requires a `content-type`. */
  headers?: Record<string, string>;
  /** Aborts the call, with its retries. The call then throws the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Replaces the client's `timeoutMs` for this call. */
  timeoutMs?: number;
  /** Replaces the client's `maxRetries` for this call. */
  maxRetries?: number;
}

/** The parameters and the body of an operation, and the settings of the call. */
export type CallOptions<Operation> = Params<Operation> & Body<Operation> & CallSettings;

/** The options as the last argument, which can be omitted if nothing is required. */
export type CallArguments<Options> =
  Partial<Options> extends Options ? [options?: Options] : [options: Options];

type Success = 200 | 201 | 202 | 204;

type ContentOf<R> = R extends { content: infer Content }
  ? [Content] extends [never]
    ? undefined
    : Content extends { 'application/json': infer Json }
      ? Json
      : Content[keyof Content]
  : undefined;

/** The body of an operation's response: parsed JSON; a string for any other media type; undefined if there is no body. */
export type DataOf<Operation> = Operation extends { responses: infer R }
  ? { [S in keyof R & Success]: ContentOf<R[S]> }[keyof R & Success]
  : never;

/** A successful response. */
export interface Result<Data> {
  data: Data;
  /** The response, for its status and headers. Its body has been read. */
  response: Response;
}

/** Calls an operation. */
export type Call<M extends Method> = <P extends PathWith<M>>(
  path: P,
  ...options: CallArguments<CallOptions<OperationOf<P, M>>>
) => Promise<Result<DataOf<OperationOf<P, M>>>>;

type QueryOf<Operation> = Operation extends { parameters: { query?: infer Query } }
  ? NonNullable<Query>
  : never;

/** The routes whose responses are pages: lists and exports. */
export type PagedPath = {
  [P in PathWith<'get'>]: 'cursor' extends keyof QueryOf<OperationOf<P, 'get'>> ? P : never;
}[PathWith<'get'>];

/** A page of a route. */
export type PageOf<P extends PagedPath> = DataOf<OperationOf<P, 'get'>>;

/** The routes whose pages have `items`. */
export type ListPath = {
  [P in PagedPath]: PageOf<P> extends { items: unknown[] } ? P : never;
}[PagedPath];

/** An item of a list. */
export type ItemOf<P extends ListPath> = PageOf<P> extends { items: (infer Item)[] } ? Item : never;

type Schemas = components['schemas'];

/** An error response of the service, as problem details (RFC 9457). `type` says which members it has. */
export type Problem = {
  [Name in keyof Schemas]: Name extends `${string}Problem` ? Schemas[Name] : never;
}[keyof Schemas];

/** The last part of the `type` of a problem, such as `not-found`. */
export type ProblemKind = Problem['type'] extends infer Type
  ? Type extends `urn:manystore:problem:${infer Kind}`
    ? Kind
    : never
  : never;

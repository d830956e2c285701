export type { Fetch } from './attempt.ts';
export { type Manystore, type ManystoreOptions, manystore } from './client.ts';
export type { UnexpectedKind } from './describe-response.ts';
export { FailedCall } from './failed-call.ts';
export { ManystoreError } from './manystore-error.ts';
export { NetworkError } from './network-error.ts';
export type * from './paths.ts';
export type { Token } from './send.ts';
export type {
  Call,
  CallOptions,
  CallSettings,
  DataOf,
  ItemOf,
  ListPath,
  Method,
  OperationOf,
  PagedPath,
  PageOf,
  PathWith,
  Problem,
  ProblemKind,
  Result,
} from './types.ts';

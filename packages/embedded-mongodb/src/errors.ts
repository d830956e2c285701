/** MongoDB's names of the error codes that this server returns. */
const codeNames: Record<number, string> = {
  1: 'InternalError',
  2: 'BadValue',
  6: 'HostUnreachable',
  7: 'HostNotFound',
  9: 'FailedToParse',
  11: 'UserNotFound',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  15: 'Overflow',
  17: 'ProtocolError',
  18: 'AuthenticationFailed',
  20: 'IllegalOperation',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  31: 'RoleNotFound',
  40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound',
  48: 'NamespaceExists',
  50: 'MaxTimeMSExpired',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  64: 'WriteConcernFailed',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  68: 'IndexAlreadyExists',
  72: 'InvalidOptions',
  76: 'NoReplicationEnabled',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  89: 'NetworkTimeout',
  91: 'ShutdownInProgress',
  100: 'UnsatisfiableWriteConcern',
  112: 'WriteConflict',
  121: 'DocumentValidationFailure',
  125: 'CommandFailed',
  136: 'CappedPositionLost',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  189: 'PrimarySteppedDown',
  197: 'InvalidIndexSpecificationOption',
  224: 'QueryFeatureNotAllowed',
  225: 'TransactionTooOld',
  238: 'NotImplemented',
  241: 'ConversionFailure',
  246: 'SnapshotUnavailable',
  251: 'NoSuchTransaction',
  256: 'TransactionCommitted',
  262: 'ExceededTimeLimit',
  263: 'OperationNotSupportedInTransaction',
  334: 'MechanismUnavailable',
  10107: 'NotWritablePrimary',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  11600: 'InterruptedAtShutdown',
  11602: 'InterruptedDueToReplStateChange',
  13435: 'NotPrimaryNoSecondaryOk',
  13436: 'NotPrimaryOrSecondary',
  14031: 'OutOfDiskSpace',
};

/** The codes of errors after which a driver may retry a write. */
const retryableCodes = new Set([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

/**
 * Returns MongoDB's name of an error code.
 *
 * @returns the name, or `Location<code>` for a code without a name, as mongod does
 */
export function codeNameOf(code: number): string {
  return codeNames[code] ?? `Location${code}`;
}

/**
 * Whether mongod labels a failed retryable write with this error code `RetryableWriteError`.
 */
export function isRetryable(code: number): boolean {
  return retryableCodes.has(code);
}

/** The fields of a failed command or write besides its code and message. */
export interface ErrorDetails {
  errorLabels?: string[];
  keyPattern?: unknown;
  keyValue?: unknown;
}

/** Thrown where MongoDB would reply with `ok: 0` or a write error. */
export class MongoCommandError extends Error {
  override readonly name = 'MongoCommandError';
  readonly code: number;
  readonly codeName: string;
  readonly details: ErrorDetails;

  constructor(code: number, message: string, details: ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.codeName = codeNameOf(code);
    this.details = details;
  }
}

/** Returns the error of every failed sign-in, so that a client cannot find out what was wrong. */
export function authenticationFailed(): MongoCommandError {
  return new MongoCommandError(18, 'Authentication failed.');
}

/** Thrown if the data folder cannot be used. The message is one line for people. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/** Thrown when a fail point closes the connection instead of responding. */
export class HangUp extends Error {
  override readonly name = 'HangUp';
}

/** MongoDB's error codes for mingo's error messages. */
const codesOfWords: readonly [words: RegExp, code: number][] = [
  [/Use of undefined variable/, 17276],
  [/^accumulator '.*' is not registered/, 168],
  [/^\$replaceRoot expression must return an object/, 40228],
  [/Path collision/, 31249],
  [/exclusion and inclusion/, 31254],
];

/**
 * Converts anything that was thrown to an error for the client.
 *
 * @param error a MongoCommandError, or an error of the query engine
 * @returns a MongoCommandError. Any other error becomes BadValue with the same message, because mingo
 *   reports every malformed query or stage as a plain Error
 */
export function toCommandError(error: unknown): MongoCommandError {
  if (error instanceof MongoCommandError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const [, code = 2] = codesOfWords.find(([words]) => words.test(text)) ?? [];
  return new MongoCommandError(code, text);
}

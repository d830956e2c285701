/** The codes this server answers with, and the names MongoDB gives them. */
const codeNames: Record<number, string> = {
  1: 'InternalError',
  2: 'BadValue',
  6: 'HostUnreachable',
  7: 'HostNotFound',
  9: 'FailedToParse',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  15: 'Overflow',
  20: 'IllegalOperation',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
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
  225: 'TransactionTooOld',
  238: 'NotImplemented',
  241: 'ConversionFailure',
  246: 'SnapshotUnavailable',
  251: 'NoSuchTransaction',
  256: 'TransactionCommitted',
  262: 'ExceededTimeLimit',
  263: 'OperationNotSupportedInTransaction',
  10107: 'NotWritablePrimary',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  11600: 'InterruptedAtShutdown',
  11602: 'InterruptedDueToReplStateChange',
  13435: 'NotPrimaryNoSecondaryOk',
  13436: 'NotPrimaryOrSecondary',
};

/** Failures of the server's state, after which a driver may send the same write again. */
const retryableCodes = new Set([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

/**
 * MongoDB's name of an error code.
 *
 * @param code the number
 * @returns its name, or `Location<code>` as mongod answers for codes without one
 */
export function codeNameOf(code: number): string {
  return codeNames[code] ?? `Location${code}`;
}

/**
 * Whether mongod labels this failure of a retryable write `RetryableWriteError`.
 *
 * @param code the error's number
 */
export function isRetryable(code: number): boolean {
  return retryableCodes.has(code);
}

/** What a failed command or write says beside its code and its text. */
export interface ErrorDetails {
  errorLabels?: string[];
  keyPattern?: unknown;
  keyValue?: unknown;
}

/** Thrown by everything below a command when MongoDB would answer `ok: 0` or a write error. */
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

/** Thrown when a fail point asks that the connection is cut instead of answered. */
export class HangUp extends Error {
  override readonly name = 'HangUp';
}

/** What mingo says in words, as MongoDB's numbers. */
const codesOfWords: readonly [words: RegExp, code: number][] = [
  [/Use of undefined variable/, 17276],
  [/^accumulator '.*' is not registered/, 168],
  [/^\$replaceRoot expression must return an object/, 40228],
  [/Path collision/, 31249],
  [/exclusion and inclusion/, 31254],
];

/**
 * What any thrown thing means to a client.
 *
 * @param error a MongoCommandError, or what the query engine threw about a bad expression
 * @returns a MongoCommandError; text of an unknown fault goes out under BadValue, since mingo
 *   reports every malformed query or stage as a plain Error
 */
export function toCommandError(error: unknown): MongoCommandError {
  if (error instanceof MongoCommandError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const [, code = 2] = codesOfWords.find(([words]) => words.test(text)) ?? [];
  return new MongoCommandError(code, text);
}

/*
 * What the error codes and error labels of a server mean for the client of a service. The tests compare these tables with
 * the lists of the driver, so a code or label that a new version of the driver adds must be added here too.
 */

/** The meaning of an error code. */
export interface CodeMeaning {
  readonly name: string;
  /** Whether the same command may succeed later. Respond with 503 rather than 500. */
  readonly isTransient: boolean;
  /** Whether a write that failed with this code may have been applied, completely or in part. */
  readonly mayBeApplied: boolean;
}

/** The server rejected the command, which may succeed later. */
const REJECTED = {
  24: 'LockTimeout',
  43: 'CursorNotFound',
  46: 'LockBusy',
  112: 'WriteConflict',
  133: 'FailedToSatisfyReadPreference',
  134: 'ReadConcernMajorityNotAvailableYet',
  234: 'RetryChangeStream',
  246: 'SnapshotUnavailable',
  251: 'NoSuchTransaction',
  391: 'Reauthenticate',
  462: 'IngressRequestRateLimitExceeded',
};

/** The server stopped before it completed or confirmed the command, which may succeed later. */
const INTERRUPTED = {
  6: 'HostUnreachable',
  7: 'HostNotFound',
  50: 'MaxTimeMSExpired',
  63: 'StaleShardVersion',
  64: 'WriteConcernTimeout',
  89: 'NetworkTimeout',
  91: 'ShutdownInProgress',
  150: 'StaleEpoch',
  189: 'PrimarySteppedDown',
  262: 'ExceededTimeLimit',
  9001: 'SocketException',
  10058: 'LegacyNotPrimary',
  10107: 'NotWritablePrimary',
  11600: 'InterruptedAtShutdown',
  11602: 'InterruptedDueToReplStateChange',
  13388: 'StaleConfig',
  13435: 'NotPrimaryNoSecondaryOk',
  13436: 'NotPrimaryOrSecondary',
};

/** The server applied the write, but its configuration does not permit the requested confirmation. */
const UNCONFIRMED = { 79: 'UnknownReplWriteConcern', 100: 'UnsatisfiableWriteConcern' };

/** The command or the configuration is wrong. All codes that are in no list have this meaning. */
const WRONG = { 18: 'AuthenticationFailed', 20: 'IllegalOperation', 26: 'NamespaceNotFound' };

const withMeaning = (codes: Record<number, string>, meaning: Omit<CodeMeaning, 'name'>) =>
  Object.entries(codes).map(([code, name]): [number, CodeMeaning] => [
    Number(code),
    { name, ...meaning },
  ]);

/** The meaning of every error code that is known. */
export const SERVER_CODES: ReadonlyMap<unknown, CodeMeaning> = new Map([
  ...withMeaning(REJECTED, { isTransient: true, mayBeApplied: false }),
  ...withMeaning(INTERRUPTED, { isTransient: true, mayBeApplied: true }),
  ...withMeaning(UNCONFIRMED, { isTransient: false, mayBeApplied: true }),
  ...withMeaning(WRONG, { isTransient: false, mayBeApplied: false }),
]);

/** Every error label, and whether it alone means that the same operation may succeed later. */
export const ERROR_LABELS: Readonly<Record<string, boolean>> = {
  RetryableError: true,
  RetryableWriteError: true,
  SystemOverloadedError: true,
  TransientTransactionError: true,
  UnknownTransactionCommitResult: true,
  PoolRequestedRetry: true,
  // These describe where the error happened, or what the driver must do. A failed sign-in, for example, is a handshake
  // error that does not end by itself.
  HandshakeError: false,
  InterruptInUseConnections: false,
  NoWritesPerformed: false,
  ResetPool: false,
  ResumableChangeStreamError: false,
};

/** The labels that mean that the same operation may succeed later. */
export const TRANSIENT_LABELS: readonly string[] = Object.keys(ERROR_LABELS).filter(
  (label) => ERROR_LABELS[label],
);

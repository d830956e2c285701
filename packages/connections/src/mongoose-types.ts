import 'mongoose';
import 'mongodb';

// What mongoose does, and its types do not say.
declare module 'mongoose' {
  interface Connection {
    /** Takes the child of `useDb(name)` off this connection; it refuses commands from then on. */
    removeDb(name: string): void;
  }
  // A `signal` is handed on to the driver.
  interface QueryOptions {
    signal?: AbortSignal;
  }
  interface InsertManyOptions {
    signal?: AbortSignal;
  }
}
declare module 'mongodb' {
  interface MongoClient {
    /** What the driver knows of its servers; a failed selection has it as its reason. */
    readonly topology?: { readonly description: unknown };
  }
  interface AbstractCursorOptions {
    signal?: AbortSignal;
  }
  interface CommandOperationOptions {
    signal?: AbortSignal;
    /** Instead of the connection's, for a command that may take longer. */
    socketTimeoutMS?: number;
  }
}

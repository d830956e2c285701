/// <reference lib="esnext.disposable" preserve="true" />
// What mongoose and the driver do, and their types do not say. This file has no JavaScript.
export {};

declare module 'mongoose' {
  interface Connection {
    /** Removes the child of `useDb(name)` from this connection; it refuses commands from then on. */
    removeDb(name: string): void;
  }
  interface QueryOptions {
    /** Ends the query when it is aborted: mongoose passes it to the driver. */
    signal?: AbortSignal;
  }
  interface InsertManyOptions {
    /** Ends the insert when it is aborted: mongoose passes it to the driver. */
    signal?: AbortSignal;
  }
}
declare module 'mongodb' {
  interface MongoClient {
    /** What the driver knows of its servers. A failed server selection has it as its reason. */
    readonly topology?: { readonly description: unknown };
  }
  interface AbstractCursorOptions {
    /** Ends the cursor when it is aborted. */
    signal?: AbortSignal;
  }
  interface CommandOperationOptions {
    /** Ends the command when it is aborted. */
    signal?: AbortSignal;
    /** Replaces the connection's timeout, for a command that may take longer. */
    socketTimeoutMS?: number;
  }
}

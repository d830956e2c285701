/// <reference lib="esnext.disposable" preserve="true" />
// Members that mongoose and the driver have, but their types lack. This file compiles to no JavaScript.
export {};

declare module 'mongoose' {
  interface Connection {
    /** Removes the child connection that `useDb(name)` created. Its commands fail afterwards. */
    removeDb(name: string): void;
  }
  interface QueryOptions {
    /** Cancels the query when it is aborted. Mongoose passes it to the driver. */
    signal?: AbortSignal;
  }
  interface InsertManyOptions {
    /** Cancels the insert when it is aborted. Mongoose passes it to the driver. */
    signal?: AbortSignal;
  }
}
declare module 'mongodb' {
  interface MongoClient {
    /** The driver's view of the deployment. It is the `reason` of a failed server selection. */
    readonly topology?: { readonly description: TopologyDescription };
  }
  interface AbstractCursorOptions {
    /** Closes the cursor when it is aborted. */
    signal?: AbortSignal;
  }
  interface CommandOperationOptions {
    /** Cancels the command when it is aborted. */
    signal?: AbortSignal;
    /** Overrides the connection's socket timeout, for a command that may take longer. */
    socketTimeoutMS?: number;
  }
}

import { readExact } from './bson/read.ts';
import type { BsonDocument, BsonValue, View } from './bson/values.ts';
import { isView, put, toView } from './bson/values.ts';
import { write } from './bson/write.ts';
import type { CommandHeader, ConnectionState, Reply } from './command-types.ts';
import type { FirstBatch } from './cursors.ts';
import { MongoCommandError } from './errors.ts';
import { systemVariables } from './query/variables.ts';
import type { ServerState } from './state.ts';
import { checkCollectionName } from './storage/collection.ts';
import type { Namespaces } from './storage/namespaces.ts';
import type { Message } from './wire.ts';

export type Handler = (command: Command) => Reply | Promise<Reply>;

const batches = new Set(['documents', 'updates', 'deletes']);

/** One command, with typed access to its arguments. */
export class Command implements CommandHeader {
  readonly name: string;
  /** Empty if the message names none, which no command accepts. */
  readonly database: string;
  readonly body: BsonDocument;
  readonly state: ServerState;
  /** The collections that this command uses: those of the server, or those of its transaction. */
  store: Namespaces;
  readonly connection: ConnectionState;
  /** The key of its session; see `sessionKey`. */
  session: string | undefined;
  /** The number of its transaction, if it belongs to one. */
  txnNumber: bigint | undefined;
  /** Whether listDatabases includes a database. It includes all of them if no sign-in is required. */
  lists: (database: string) => boolean = () => true;
  readonly #sequences: Message['sequences'];
  #options: View | undefined;
  #variables: View | undefined;

  constructor(message: Message, state: ServerState, connection: ConnectionState) {
    const [name = ''] = message.body.keys();
    const database = message.body.get('$db');
    this.name = name;
    this.database = typeof database === 'string' ? database : '';
    this.body = message.body;
    this.state = state;
    this.store = state.databases;
    this.connection = connection;
    this.#sequences = message.sequences;
  }

  /** Identifies the user to whom its session and its cursors belong; empty without a sign-in. */
  get owner(): string {
    const { user } = this.connection;
    return user ? `${user.database}.${user.name}` : '';
  }

  /** The plain view of every argument except the batches of a write. */
  get options(): View {
    if (!this.#options) {
      this.#options = {};
      for (const [key, value] of this.body) {
        if (!batches.has(key)) put(this.#options, key, toView(value));
      }
    }
    return this.#options;
  }

  /** The name of the collection, which is the value of the command's first field. */
  get collectionName(): string {
    return checkCollectionName(this.body.get(this.name));
  }

  /** Returns an argument in exact values. */
  exact(name: string): BsonValue {
    return this.body.get(name);
  }

  /**
   * Returns an argument that must be a document.
   *
   * @returns its plain view, empty if the argument is absent
   * @throws MongoCommandError 14 if it is not a document
   */
  document(name: string): View {
    const value = this.options[name] ?? {};
    if (isView(value)) return value;
    throw new MongoCommandError(
      14,
      `BSON field '${this.name}.${name}' is the wrong type, expected type 'object'`,
    );
  }

  /** The variables of the command's expressions: those of its `let`, `$$NOW` and `$$CLUSTER_TIME`. */
  get variables(): View {
    this.#variables ??= { ...this.document('let'), ...systemVariables(new Date()) };
    return this.#variables;
  }

  /** Returns an argument that is a number, or undefined. */
  number(name: string): number | undefined {
    const value = this.options[name];
    return value === undefined || value === null ? undefined : Number(value);
  }

  /** Returns a reply with a cursor over documents. The cursor keeps those that do not fit into the first batch. */
  openCursor(namespace: string, documents: Iterable<Buffer>, options: FirstBatch = {}): object {
    const { session, txnNumber, owner: user } = this;
    const noTimeout = this.body.get('noCursorTimeout') === true;
    return this.state.cursors.first(
      namespace,
      documents,
      { user, session, txnNumber, noTimeout },
      options,
    );
  }

  /** Returns the encoded documents of a batch. They share the memory of the message: copy those that are kept. */
  batch(name: string): Buffer[] {
    const sequence = this.#sequences.get(name);
    const documents = sequence ?? this.#embedded(name).map((item) => write(item));
    if (documents.length === 0 || documents.length > 100_000) {
      throw new MongoCommandError(
        16,
        `Write batch sizes must be between 1 and 100000. Got ${documents.length} operations.`,
      );
    }
    return documents;
  }

  /** Returns the documents of a batch in exact values. */
  exactBatch(name: string): BsonDocument[] {
    return this.batch(name).map((bytes) => readExact(bytes));
  }

  #embedded(name: string): BsonDocument[] {
    const value = this.body.get(name);
    if (!Array.isArray(value)) {
      throw new MongoCommandError(40414, `BSON field '${this.name}.${name}' is missing`);
    }
    return value.map((item) => {
      if (item instanceof Map) return item;
      throw new MongoCommandError(14, `BSON field '${this.name}.${name}' must hold objects`);
    });
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild } from '../../../bench/children.ts';
import { withDatabase } from '../../../local/with-database.ts';
import type { Question } from './server-child.ts';

/** An embedded MongoDB server in a process of its own, which can be killed and started again. */
export class ServerProcess implements AsyncDisposable {
  readonly #folder: string | undefined;
  #child: Child;
  #uri = '';

  private constructor(folder: string | undefined) {
    this.#folder = folder;
    this.#child = this.#spawn(0);
  }

  /**
   * Starts a server.
   *
   * @param keepsData whether the data is in a folder, so that it is still there after the process was killed
   */
  static async start({ keepsData = false } = {}): Promise<ServerProcess> {
    const folder = keepsData ? mkdtempSync(join(tmpdir(), 'manystore-data-')) : undefined;
    const server = new ServerProcess(folder);
    server.#uri = await server.#ask<string>('uri');
    return server;
  }

  /** The connection string, with the service's own database. It stays the same. */
  get uri(): string {
    return withDatabase(this.#uri, 'manystore');
  }

  /** Returns the number of open sockets, by the server's own count. */
  sockets(): Promise<number> {
    return this.#ask('sockets');
  }

  /** Drops every database. */
  async clear(): Promise<void> {
    await this.#ask('clear');
  }

  /** Kills the process with SIGKILL. */
  kill(): Promise<void> {
    return this.#child.kill();
  }

  /** Starts the server again after {@link kill}, on the same port. */
  async restart(): Promise<void> {
    this.#child = this.#spawn(Number(new URL(this.#uri).port));
    await this.#ask('uri');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
  }

  #spawn(port: number): Child {
    const args = [String(port), ...(this.#folder ? [this.#folder] : [])];
    return startChild(import.meta.resolve('./server-child.ts'), { args });
  }

  #ask<Answer>(question: Question): Promise<Answer> {
    return this.#child.ask(question);
  }
}

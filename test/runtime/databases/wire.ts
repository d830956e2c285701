import {
  connectionStringVariable,
  forEachServer,
  SERVER_NAMES,
  type Server,
} from '#lib/runtime/servers.ts';
import { type Command, type Fate, WireProxy } from '../../support/wire-proxy.ts';

/** The connections of a container to both servers, whose commands are numbered together. */
export class Wire implements AsyncDisposable {
  readonly proxies: Record<Server, WireProxy>;
  #commands: string[] = [];

  private constructor(proxies: Record<Server, WireProxy>) {
    this.proxies = proxies;
  }

  static async open(uris: Record<Server, string>): Promise<Wire> {
    const proxies = forEachServer((server) => new WireProxy(uris[server]));
    await Promise.all(Object.values(proxies).map((proxy) => proxy.listen()));
    return new Wire(proxies);
  }

  /** The settings with which a function connects through it. */
  get env(): Record<string, string> {
    return settingsFor(forEachServer((server) => this.proxies[server].uri));
  }

  /** The names of the commands since the last call of {@link pass} or {@link fault}. */
  get commands(): readonly string[] {
    return this.#commands;
  }

  /** The number of open sockets to each server. */
  get sockets(): Record<Server, number> {
    return forEachServer((server) => this.proxies[server].open);
  }

  /** Lets every command pass, and counts from the start. */
  pass(): void {
    this.#decide(() => 'pass');
  }

  /**
   * Decides what happens to one command from now on.
   *
   * @param n the number of the command, from 1
   * @param fate of this command; `hold` before the server runs it, `withhold` after it
   * @param onReached called when the command is held, or when its response is withheld
   */
  fault(n: number, fate: Fate & ('hold' | 'withhold'), onReached: () => void): void {
    for (const proxy of this.each) proxy.onWithheld = onReached;
    this.#decide((number) => {
      if (number !== n) return 'pass';
      if (fate === 'hold') onReached();
      return fate;
    });
  }

  /** The proxies of both servers. */
  get each(): WireProxy[] {
    return SERVER_NAMES.map((server) => this.proxies[server]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.each.map((proxy) => proxy.shut()));
  }

  #decide(fateOf: (number: number) => Fate): void {
    this.#commands = [];
    const decide = ({ name }: Command) => fateOf(this.#commands.push(name));
    for (const proxy of this.each) proxy.decide = decide;
  }
}

/** Returns the settings of functions that connect to these servers. */
export const settingsFor = (uris: Record<Server, string>): Record<string, string> =>
  Object.fromEntries(
    SERVER_NAMES.map((server) => [connectionStringVariable(server), uris[server]]),
  );

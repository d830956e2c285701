import { connectionStringVariable, SERVER_NAMES } from '#lib/runtime/servers.ts';
import { type Command, type Fate, WireProxy } from '../../support/wire-proxy.ts';
import { CLUSTER, DEPLOYMENTS, type Deployment, forEachDeployment } from './deployments.ts';

/** The connections of a container to every deployment, whose commands are numbered together. */
export class Wire implements AsyncDisposable {
  readonly proxies: Record<Deployment, WireProxy>;
  #commands: string[] = [];

  private constructor(proxies: Record<Deployment, WireProxy>) {
    this.proxies = proxies;
  }

  static async open(uris: Record<Deployment, string>): Promise<Wire> {
    const proxies = forEachDeployment((name) => new WireProxy(uris[name]));
    await Promise.all(Object.values(proxies).map((proxy) => proxy.listen()));
    return new Wire(proxies);
  }

  /** The settings with which a function connects through it. */
  get env(): Record<string, string> {
    return settingsFor(forEachDeployment((name) => this.proxies[name].uri));
  }

  /** The names of the commands since the last call of {@link pass} or {@link fault}. */
  get commands(): readonly string[] {
    return this.#commands;
  }

  /** The number of open sockets to each deployment. */
  get sockets(): Record<Deployment, number> {
    return forEachDeployment((name) => this.proxies[name].open);
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

  /** The proxies of all deployments. */
  get each(): WireProxy[] {
    return DEPLOYMENTS.map((name) => this.proxies[name]);
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

/** Returns the settings of functions that connect to these deployments. */
export const settingsFor = (uris: Record<Deployment, string>): Record<string, string> => ({
  ...Object.fromEntries(
    SERVER_NAMES.map((server) => [connectionStringVariable(server), uris[server]]),
  ),
  CLUSTER_CONN_STRS: JSON.stringify({ [CLUSTER]: uris[CLUSTER] }),
});

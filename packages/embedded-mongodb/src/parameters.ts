import { MongoCommandError } from './errors.ts';

const defaults = {
  cursorTimeoutMillis: 600_000,
  transactionLifetimeLimitSeconds: 60,
  ttlMonitorEnabled: true,
  ttlMonitorSleepSecs: 60,
};

type Settings = typeof defaults;

/** The server parameters that setParameter can change. */
export class Parameters {
  readonly #settings: Settings = { ...defaults };
  readonly #listeners: (() => void)[] = [];

  get settings(): Readonly<Settings> {
    return this.#settings;
  }

  /** Calls a listener after every change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Sets a parameter.
   *
   * @returns the previous value
   * @throws MongoCommandError 72 for an unknown parameter, 2 for an invalid value
   */
  set(name: string, value: unknown): number | boolean {
    if (!Object.hasOwn(this.#settings, name)) {
      throw new MongoCommandError(72, `attempted to set unrecognized parameter [${name}]`);
    }
    const key = name as keyof Settings;
    const was = this.#settings[key];
    const next = typeof was === 'boolean' ? Boolean(value) : Number(value);
    if (typeof next === 'number' && !(next > 0)) {
      throw new MongoCommandError(2, `Invalid value for parameter ${name}: ${String(value)}`);
    }
    Object.assign(this.#settings, { [key]: next });
    for (const listener of this.#listeners) listener();
    return was;
  }
}

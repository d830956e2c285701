import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeArtifacts } from './artifacts.ts';
import { isRecorded } from './node-hash.ts';

/** The members of the Serverless Framework that this plugin uses. */
interface Serverless {
  serviceDir: string;
  service: {
    provider: { architecture?: string };
    functions: Record<
      string,
      { handler: string; package?: { patterns?: string[]; artifact?: string } }
    >;
  };
}

interface Options {
  function?: string;
}

interface Utils {
  log: { notice: (text: string) => void; warning: (text: string) => void };
}

/** The processor architecture of this machine, by its AWS name. */
const HERE = process.arch === 'x64' ? 'x86_64' : process.arch;

/**
 * A Serverless plugin that creates the artifacts for `serverless package` and `serverless deploy`. Locally, the
 * functions run from their TypeScript sources, because Node strips the types.
 */
export default class Packaging {
  readonly hooks: Record<string, () => Promise<void>>;
  readonly #serverless: Serverless;
  readonly #log: Utils['log'];

  constructor(serverless: Serverless, { function: name }: Options, { log }: Utils) {
    this.#serverless = serverless;
    this.#log = log;
    this.hooks = {
      'before:package:createDeploymentArtifacts': () => this.#package(),
      'before:deploy:function:packageFunction': () => this.#package(name),
      'before:invoke:local:invoke': () => this.#nameSource(name),
    };
  }

  /** Adds the extension `.ts` to a handler: `serverless invoke local` finds TypeScript files only by their full name. */
  async #nameSource(name: string | undefined): Promise<void> {
    const definition = this.#serverless.service.functions[name ?? ''];
    if (definition) definition.handler = definition.handler.replace(/\.handler$/, '.ts$&');
  }

  async #package(only?: string): Promise<void> {
    const { serviceDir, service } = this.#serverless;
    const architecture = service.provider.architecture ?? 'x86_64';
    const isForThisProcessor = architecture === HERE;
    if (!isForThisProcessor)
      this.#log.warning(
        `Packaging on ${HERE} for ${architecture} without compiled code: cold starts will take twice as long. Package on ${architecture} to avoid this`,
      );
    if (!isRecorded(process.execPath)) {
      const fault = `The hash of ${process.execPath} is not recorded in packaging/node-hash.ts`;
      if (process.env.ALLOW_UNKNOWN_NODE !== 'true')
        throw new Error(`${fault}. Use the project's own Node, or set ALLOW_UNKNOWN_NODE=true`);
      this.#log.warning(fault);
    }
    const functions = Object.entries(service.functions)
      .filter(([name]) => only === undefined || name === only)
      .map(([name, { package: { patterns = [] } = {} }]) => ({ name, patterns }));
    const folder = join(serviceDir, '.serverless');
    const artifacts = await makeArtifacts(functions, folder, { isForThisProcessor });
    writeFileSync(join(folder, 'artifacts.json'), JSON.stringify(artifacts, null, 2));
    for (const { name } of artifacts) {
      const definition = service.functions[name];
      const artifact = join(folder, `${name}.zip`);
      if (definition) definition.package = { ...definition.package, artifact };
    }
  }
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { showProgress } from '../local/progress.ts';
import { type Artifact, makeArtifacts, placeholders } from './artifacts.ts';
import { budgetFaults } from './connection-budget.ts';
import { deployedFunctions } from './deployed-functions.ts';
import { deploymentValues } from './deployment-settings.ts';
import { isRecorded } from './node-hash.ts';
import type { Deployment } from './template/context.ts';
import { addAliases, configureFunctions, deploymentOf, extendService } from './template/extend.ts';
import type { Service } from './template/service.ts';

/** The members of the Serverless Framework that this plugin uses. */
interface Serverless {
  serviceDir: string;
  classes: { Error: new (message: string) => Error };
  service: Service;
  getProvider(name: 'aws'): {
    getStage(): string;
    naming: { getLambdaLogicalId(name: string): string };
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
 * A Serverless plugin that completes the template and creates the artifacts for `serverless package` and `serverless
 * deploy`. Locally, the functions run from their TypeScript sources, because Node strips the types.
 */
export default class Packaging {
  readonly hooks: Record<string, () => Promise<void>>;
  readonly #serverless: Serverless;
  readonly #log: Utils['log'];
  #deployment: Promise<Deployment> | undefined;

  constructor(serverless: Serverless, { function: name }: Options, { log }: Utils) {
    this.#serverless = serverless;
    this.#log = log;
    this.hooks = {
      'before:package:initialize': () => this.#extend(),
      'before:package:createDeploymentArtifacts': () => this.#package(),
      'after:package:compileFunctions': () => this.#addAliases(),
      'after:aws:package:finalize:mergeCustomProviderResources': () => this.#check(),
      'before:deploy:function:packageFunction': () => this.#packageOne(name),
      'before:invoke:local:invoke': () => this.#nameSource(name),
    };
  }

  /** Adds the extension `.ts` to a handler: `serverless invoke local` finds TypeScript files only by their full name. */
  async #nameSource(name: string | undefined): Promise<void> {
    const definition = this.#serverless.service.functions[name ?? ''];
    if (definition) definition.handler = definition.handler.replace(/\.handler$/, '.ts$&');
  }

  #read(): Promise<Deployment> {
    const { service } = this.#serverless;
    const stage = this.#serverless.getProvider('aws').getStage();
    this.#deployment ??= deployedFunctions().then((functions) =>
      deploymentOf(service, stage, deploymentValues(process.env), functions),
    );
    return this.#deployment;
  }

  async #extend(): Promise<void> {
    extendService(this.#serverless.service, await this.#read());
  }

  async #addAliases(): Promise<void> {
    const { naming } = this.#serverless.getProvider('aws');
    addAliases(this.#serverless.service, await this.#read(), (name) =>
      naming.getLambdaLogicalId(name),
    );
  }

  /** @throws {Error} with a line for each fault of the template */
  async #check(): Promise<void> {
    const template = this.#serverless.service.provider.compiledCloudFormationTemplate;
    if (!template) throw new Error('The framework has compiled no template');
    // The validator is large, and only packaging needs it.
    const { templateFaults } = await import('./rules/template-faults.ts');
    const deployment = await this.#read();
    const faults = [
      ...templateFaults(template, deployment),
      ...budgetFaults(deployment.functions, deployment.values, process.env),
    ];
    // An error of this class is printed without its stack.
    if (faults.length > 0)
      throw new this.#serverless.classes.Error(`This cannot be deployed:\n${faults.join('\n')}`);
  }

  async #packageOne(name: string | undefined): Promise<void> {
    configureFunctions(this.#serverless.service, await this.#read());
    await this.#package(name);
  }

  async #package(only?: string): Promise<void> {
    const { serviceDir, service } = this.#serverless;
    const functions = Object.entries(service.functions)
      .filter(([name]) => only === undefined || name === only)
      .map(([name, { package: { patterns = [] } = {} }]) => ({ name, patterns }));
    const folder = join(serviceDir, '.serverless');
    const artifacts =
      process.env.TEMPLATE_ONLY === 'true'
        ? await placeholders(functions, folder)
        : await this.#makeArtifacts(functions, folder);
    writeFileSync(join(folder, 'artifacts.json'), JSON.stringify(artifacts, null, 2));
    for (const { name } of artifacts) {
      const definition = service.functions[name];
      const artifact = join(folder, `${name}.zip`);
      if (definition) definition.package = { ...definition.package, artifact };
    }
  }

  async #makeArtifacts(
    functions: Parameters<typeof makeArtifacts>[0],
    folder: string,
  ): Promise<Artifact[]> {
    const architecture = this.#serverless.service.provider.architecture ?? 'x86_64';
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
    const progress = showProgress('functions packaged', functions.length);
    const onArtifact = () => progress.add(1);
    return makeArtifacts(functions, folder, { isForThisProcessor, onArtifact }).finally(() =>
      progress.end(),
    );
  }
}

import type { Resources } from './context.ts';
import type { Statement } from './roles.ts';

/** A function of serverless.yml, with the members that the packaging reads or sets. */
export interface FunctionDefinition {
  handler: string;
  timeout?: number | string;
  package?: { patterns?: string[]; artifact?: string };
  events?: unknown[];
  role?: string;
  vpc?: { securityGroupIds: string[]; subnetIds: string[] };
  reservedConcurrency?: number;
  tracing?: 'Active';
  environment?: Record<string, string>;
  targetAlias?: { name: string; logicalId: string };
  /** Set by the framework. */
  versionLogicalId?: string;
}

/** A CloudFormation template. */
export interface Template {
  Resources: Resources;
  Outputs?: Record<string, unknown>;
}

/** The service, with the members that the packaging reads or sets. */
export interface Service {
  service: string;
  provider: {
    architecture?: string;
    timeout?: number | string;
    stackTags?: Record<string, string>;
    httpApi?: { disableDefaultEndpoint?: boolean };
    /** Exists after the framework has compiled it. */
    compiledCloudFormationTemplate?: Template;
  };
  functions: Record<string, FunctionDefinition>;
  custom: { secretsPermissions: Statement[] };
  resources: Template;
}

import type { DeploymentValues } from '../deployment-settings.ts';
import type { DeployedFunction } from '../function-groups.ts';

/** A CloudFormation resource. */
export interface Resource {
  Type: string;
  DependsOn?: string | string[];
  DeletionPolicy?: string;
  UpdatePolicy?: object;
  Properties: Record<string, unknown>;
}

export type Resources = Record<string, Resource>;

/** What a deployment is made of. */
export interface Deployment {
  /** The prefix of the functions' names, such as `manystore-prod`. */
  prefix: string;
  stage: string;
  values: DeploymentValues;
  functions: readonly (DeployedFunction & {
    /** In seconds. */
    timeout: number;
  })[];
}

/** Returns the name of a function in Lambda. */
export const lambdaName = ({ prefix }: Deployment, name: string): string => `${prefix}-${name}`;

/** Returns an ARN in the account and region of the stack. */
export const arn = (service: string, resource: string): object => ({
  'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
});

/** Returns the logical id of a resource that belongs to a function: `get-store` and `Alias` make `GetStoreAlias`. */
export const logicalId = (name: string, suffix: string): string =>
  name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()) + suffix;

/** Returns the namespace of the functions' metrics: one for each stage, so that their alarms do not mix. */
export const namespaceOf = (stage: string): string => `Manystore/${stage}`;

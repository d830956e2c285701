import type { DeploymentValues } from '../deployment-settings.ts';
import { type DeployedFunction, reservedConcurrency } from '../function-groups.ts';
import { alarmsOf } from './alarms.ts';
import type { Deployment, Resources } from './context.ts';
import { dashboardOf } from './dashboard.ts';
import { domainOf, isDefaultEndpointOff, urlOf } from './domain.ts';
import { aliasOf, gradualOf } from './gradual.ts';
import { connects, roleOf, rolesOf } from './roles.ts';
import type { Service } from './service.ts';

/** Failed invocations of the scheduled tasks, for two weeks. */
const DEAD_LETTERS: Resources = {
  DeadLetters: {
    Type: 'AWS::SQS::Queue',
    Properties: { MessageRetentionPeriod: 14 * 24 * 3_600, SqsManagedSseEnabled: true },
  },
};

/** Returns the deployment of a service. */
export const deploymentOf = (
  { service, provider, functions }: Service,
  stage: string,
  values: DeploymentValues,
  deployed: readonly DeployedFunction[],
): Deployment => ({
  prefix: `${service}-${stage}`,
  stage,
  values,
  functions: deployed.map((one) => ({
    ...one,
    timeout: Number(functions[one.name]?.timeout ?? provider.timeout),
  })),
});

/** Adds to a service what its contracts and the settings of its deployment require, before the framework compiles it. */
export function extendService(service: Service, deployment: Deployment): void {
  const { values } = deployment;
  const alarms = alarmsOf(deployment);
  configureFunctions(service, deployment);
  Object.assign(service.resources.Resources, {
    ...rolesOf(deployment, service.custom.secretsPermissions),
    ...domainOf(deployment),
    ...DEAD_LETTERS,
    ...alarms,
    Dashboard: dashboardOf(deployment, alarms),
  });
  service.resources.Outputs = {
    ...service.resources.Outputs,
    ServiceUrl: { Value: urlOf(deployment) },
  };
  if (isDefaultEndpointOff(deployment))
    service.provider.httpApi = { ...service.provider.httpApi, disableDefaultEndpoint: true };
  if (values.TAGS) service.provider.stackTags = tagsIn(values.TAGS);
}

/** Sets for each function its role, network, reserved concurrency, tracing and alias. */
export function configureFunctions(
  { functions }: Service,
  { values, functions: deployed }: Deployment,
): void {
  const reserved = reservedConcurrency(values.RESERVED_TOTAL);
  for (const one of deployed) {
    const definition = functions[one.name];
    if (!definition) continue;
    definition.role = roleOf(one);
    const concurrency = reserved?.get(one.name);
    if (concurrency !== undefined) definition.reservedConcurrency = concurrency;
    if (values.VPC_SUBNETS && connects(one))
      definition.vpc = {
        subnetIds: values.VPC_SUBNETS.split(','),
        securityGroupIds: values.VPC_SECURITY_GROUPS.split(','),
      };
    if (values.TRACING === 'true') {
      definition.tracing = 'Active';
      definition.environment = { ...definition.environment, TRACES: 'xray' };
    }
    if (isGradual(values) && definition.events?.length) definition.targetAlias = aliasOf(one.name);
  }
}

const isGradual = ({ GRADUAL }: DeploymentValues) => GRADUAL !== 'off';

/**
 * Adds the aliases of a gradual deployment, which need the versions of the functions that the framework compiles.
 *
 * @param functionIdOf returns the logical id of a function
 */
export function addAliases(
  { functions, resources }: Service,
  deployment: Deployment,
  functionIdOf: (name: string) => string,
): void {
  if (!isGradual(deployment.values)) return;
  const compiled = Object.entries(functions).flatMap(([name, { targetAlias, versionLogicalId }]) =>
    targetAlias && versionLogicalId
      ? [{ name, functionId: functionIdOf(name), versionId: versionLogicalId }]
      : [],
  );
  Object.assign(resources.Resources, gradualOf(deployment, compiled));
}

const tagsIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    text.split(',').map((tag) => {
      const [name = '', ...value] = tag.split('=');
      return [name, value.join('=')];
    }),
  );

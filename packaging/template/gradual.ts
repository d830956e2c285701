import { type Deployment, logicalId, type Resources } from './context.ts';

/** The alias that the routes and schedules invoke. */
const ALIAS = 'live';

/** The alarms that stop a deployment and move the traffic back. */
const STOPS = ['Faults', 'GatewayFaults', 'PrimaryAway'];

/** Returns a function's alias, as the framework wants to know it for the function's routes and schedules. */
export const aliasOf = (name: string): { name: string; logicalId: string } => ({
  name: ALIAS,
  logicalId: logicalId(name, 'Alias'),
});

/** A function that the template already contains. */
export interface CompiledFunction {
  name: string;
  /** The logical ids of the function, and of the version that this deployment creates. */
  functionId: string;
  versionId: string;
}

/**
 * Returns the resources with which CodeDeploy moves the traffic of each function to its new version in steps, and back
 * if an alarm is raised meanwhile.
 */
export function gradualOf(
  { prefix, values }: Deployment,
  functions: readonly CompiledFunction[],
): Resources {
  const resources: Resources = {
    TrafficShifting: {
      Type: 'AWS::CodeDeploy::Application',
      Properties: { ApplicationName: prefix, ComputePlatform: 'Lambda' },
    },
    TrafficShiftingRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: ['codedeploy.amazonaws.com'] },
              Action: ['sts:AssumeRole'],
            },
          ],
        },
        ManagedPolicyArns: [
          {
            'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited`,
          },
        ],
      },
    },
  };
  for (const { name, functionId, versionId } of functions) {
    const group = logicalId(name, 'TrafficGroup');
    resources[group] = {
      Type: 'AWS::CodeDeploy::DeploymentGroup',
      Properties: {
        ApplicationName: { Ref: 'TrafficShifting' },
        ServiceRoleArn: { 'Fn::GetAtt': ['TrafficShiftingRole', 'Arn'] },
        DeploymentConfigName: `CodeDeployDefault.Lambda${values.GRADUAL}`,
        DeploymentStyle: {
          DeploymentType: 'BLUE_GREEN',
          DeploymentOption: 'WITH_TRAFFIC_CONTROL',
        },
        AlarmConfiguration: {
          Enabled: true,
          Alarms: STOPS.map((alarm) => ({ Name: { Ref: alarm } })),
        },
        AutoRollbackConfiguration: {
          Enabled: true,
          Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
        },
      },
    };
    resources[aliasOf(name).logicalId] = {
      Type: 'AWS::Lambda::Alias',
      UpdatePolicy: {
        CodeDeployLambdaAliasUpdate: {
          ApplicationName: { Ref: 'TrafficShifting' },
          DeploymentGroupName: { Ref: group },
        },
      },
      Properties: {
        Name: ALIAS,
        FunctionName: { Ref: functionId },
        FunctionVersion: { 'Fn::GetAtt': [versionId, 'Version'] },
      },
    };
  }
  return resources;
}

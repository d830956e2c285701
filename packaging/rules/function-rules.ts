import { lambdaName } from '../template/context.ts';
import { allOf, breaking, type Properties, type Rule } from './rule.ts';

const FUNCTION = 'AWS::Lambda::Function';

/** API Gateway ends a request after this time, in seconds. */
const GATEWAY_TIMEOUT = 30;
/** The interval of sync-mirror, in seconds: runs of a task must not overlap. */
const TASK_TIMEOUT = 300;

/** Returns the logical id of the function that a reference means, also with an alias: an ARN that is joined with a name. */
const functionIn = (reference: Properties): string | undefined =>
  reference.Ref ?? (reference['Fn::Join']?.[1][0] ?? reference)['Fn::GetAtt']?.[0];

export const functionRules: Rule[] = [
  {
    rule: 'Every function has a log group with a retention',
    faults: (template) => {
      const kept = allOf(template, 'AWS::Logs::LogGroup')
        .filter(([, { RetentionInDays }]) => Number(RetentionInDays) > 0)
        .map(([, { LogGroupName }]) => LogGroupName);
      return breaking(
        template,
        FUNCTION,
        ({ FunctionName }) => !kept.includes(`/aws/lambda/${FunctionName}`),
      );
    },
  },
  {
    rule: 'Every operation ends before the gateway does (30 s), and every task before its next run (300 s)',
    faults: (template, deployment) => {
      const tasks = deployment.functions
        .filter(({ kind }) => kind === 'task')
        .map(({ name }) => lambdaName(deployment, name));
      return breaking(
        template,
        FUNCTION,
        ({ FunctionName, Timeout }) =>
          !(Timeout < (tasks.includes(FunctionName) ? TASK_TIMEOUT : GATEWAY_TIMEOUT)),
      );
    },
  },
  {
    rule: 'Every function has a reserved concurrency, unless RESERVED_TOTAL is off',
    faults: (template, { values }) =>
      values.RESERVED_TOTAL === 'off'
        ? []
        : breaking(
            template,
            FUNCTION,
            ({ ReservedConcurrentExecutions }) => !(ReservedConcurrentExecutions > 0),
          ),
  },
  {
    rule: 'Exactly the functions that connect to a database are in the VPC, if there is one',
    faults: (template, deployment) => {
      const connecting = deployment.functions
        .filter(({ servers }) => servers.length > 0)
        .map(({ name }) => lambdaName(deployment, name));
      return breaking(
        template,
        FUNCTION,
        ({ FunctionName, VpcConfig }) =>
          (VpcConfig !== undefined) !==
          (deployment.values.VPC_SUBNETS !== '' && connecting.includes(FunctionName)),
      );
    },
  },
  {
    rule: 'No environment variable has a connection string',
    faults: (template) =>
      breaking(template, FUNCTION, ({ Environment }) =>
        /mongodb(?:\+srv)?:\/\//.test(JSON.stringify(Environment ?? {})),
      ),
  },
  {
    rule: 'Every function keeps the runtime version that its compiled code was made for',
    faults: (template) =>
      breaking(
        template,
        FUNCTION,
        ({ RuntimeManagementConfig }) =>
          RuntimeManagementConfig?.UpdateRuntimeOn !== 'FunctionUpdate',
      ),
  },
  {
    rule: 'Every scheduled function has a number of retries, and a queue for what failed in all of them',
    faults: (template) => {
      const configured = allOf(template, 'AWS::Lambda::EventInvokeConfig')
        .filter(
          ([, { MaximumRetryAttempts, DestinationConfig }]) =>
            MaximumRetryAttempts !== undefined && DestinationConfig?.OnFailure?.Destination,
        )
        .map(([, { FunctionName }]) => functionIn(FunctionName));
      return breaking(template, 'AWS::Events::Rule', ({ Targets }) =>
        Targets.some(({ Arn }: Properties) => !configured.includes(functionIn(Arn))),
      );
    },
  },
  {
    rule: 'Only the gateway and the schedules of this stack may invoke a function',
    faults: (template) => [
      ...breaking(
        template,
        'AWS::Lambda::Permission',
        ({ Principal, SourceArn }) =>
          !SourceArn || !['apigateway.amazonaws.com', 'events.amazonaws.com'].includes(Principal),
      ),
      ...breaking(template, 'AWS::Lambda::Url', () => true),
    ],
  },
];

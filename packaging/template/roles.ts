import type { DeployedFunction } from '../function-groups.ts';
import { arn, type Deployment, lambdaName, type Resource, type Resources } from './context.ts';

/** A statement of an IAM policy. */
export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string[];
  Resource: unknown;
  Condition?: object;
}

/**
 * The kinds of functions, each with a role of its own. A role per function would allow no less: within a kind, the
 * functions need the same. It would need a database user per function where they sign in with their role.
 */
const KINDS = {
  /** Functions that serve only files. They read no secret and are in no VPC. */
  static: {
    role: 'StaticRole',
    has: ({ servers }: DeployedFunction) => servers.length === 0,
  },
  operations: {
    role: 'OperationRole',
    has: ({ kind, servers }: DeployedFunction) => kind === 'operation' && servers.length > 0,
  },
  /** Tasks also send failed invocations to the queue of dead letters. */
  tasks: { role: 'TaskRole', has: ({ kind }: DeployedFunction) => kind === 'task' },
} as const;

type Kind = keyof typeof KINDS;

const kindOf = (deployed: DeployedFunction): Kind =>
  (Object.keys(KINDS) as Kind[]).find((kind) => KINDS[kind].has(deployed)) ?? 'operations';

/** Returns the logical id of a function's role. */
export const roleOf = (deployed: DeployedFunction): string => KINDS[kindOf(deployed)].role;

/** Returns whether a function connects to a database: only such functions are in the VPC and may read the secrets. */
export const connects = ({ servers }: DeployedFunction): boolean => servers.length > 0;

/**
 * Returns a role for each kind of function.
 *
 * @param secrets the statements that allow reading the secrets, from serverless.yml
 */
export function rolesOf(deployment: Deployment, secrets: readonly Statement[]): Resources {
  const { values } = deployment;
  return Object.fromEntries(
    (Object.keys(KINDS) as Kind[]).map((kind) => {
      const functions = deployment.functions.filter((deployed) => kindOf(deployed) === kind);
      const names = functions.map(({ name }) => lambdaName(deployment, name));
      const needsSecrets = functions.some(connects);
      return [
        KINDS[kind].role,
        role(deployment, kind, [
          writeLogs(names),
          ...(needsSecrets ? secrets : []),
          ...(needsSecrets && values.VPC_SUBNETS ? attachToVpc(names) : []),
          ...(kind === 'tasks' ? [sendDeadLetters] : []),
          ...(values.TRACING === 'true' ? [writeTraces] : []),
        ]),
      ];
    }),
  );
}

const role = ({ prefix }: Deployment, kind: Kind, statements: Statement[]): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: { 'Fn::Sub': `${prefix}-\${AWS::Region}-${kind}` },
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: ['lambda.amazonaws.com'] },
          Action: ['sts:AssumeRole'],
        },
      ],
    },
    Policies: [
      {
        PolicyName: `${prefix}-${kind}`,
        PolicyDocument: { Version: '2012-10-17', Statement: statements },
      },
    ],
  },
});

const writeLogs = (names: readonly string[]): Statement => ({
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: names.map((name) => arn('logs', `log-group:/aws/lambda/${name}:*`)),
});

const sendDeadLetters: Statement = {
  Effect: 'Allow',
  Action: ['sqs:SendMessage'],
  Resource: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] },
};

/** These actions have no resources. */
const writeTraces: Statement = {
  Effect: 'Allow',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  Resource: '*',
};

const NETWORK_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/** Lambda attaches the functions to the VPC with their role. The code of the functions itself may not use that permission. */
const attachToVpc = (names: readonly string[]): Statement[] => [
  { Effect: 'Allow', Action: NETWORK_ACTIONS, Resource: '*' },
  {
    Effect: 'Deny',
    Action: NETWORK_ACTIONS,
    Resource: '*',
    Condition: {
      ArnEquals: {
        'lambda:SourceFunctionArn': names.map((name) => arn('lambda', `function:${name}`)),
      },
    },
  },
];

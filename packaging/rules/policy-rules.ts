import { lambdaName } from '../template/context.ts';
import { connects, roleOf } from '../template/roles.ts';
import { allOf, breaking, type Properties, type Rule } from './rule.ts';

/** Actions that IAM does not restrict to resources. */
const WITHOUT_RESOURCES = /^(?:xray:Put|ec2:)/;

const statementsOf = ({ Policies = [] }: Properties): Properties[] =>
  Policies.flatMap(({ PolicyDocument }: Properties) => PolicyDocument.Statement);

const actionsOf = ({ Action }: Properties): string[] => [Action].flat();

/** Returns the resources of a statement as text. */
const resourcesOf = ({ Resource }: Properties): string[] =>
  [Resource].flat().map((resource) => resource['Fn::Sub'] ?? JSON.stringify(resource));

/** What is one thing although it ends with a star: the streams of a log group, and the parameters of the clusters. */
const ONE_THING = /(:log-group:[^*]+:|:parameter\/[^*]+\/clusters\/)\*$/;

/** Whether a statement names more than it should. */
function hasWildcard(statement: Properties): boolean {
  if (actionsOf(statement).some((action) => action.includes('*'))) return true;
  if (actionsOf(statement).every((action) => WITHOUT_RESOURCES.test(action))) return false;
  return resourcesOf(statement).some((resource) => resource.replace(ONE_THING, '$1').includes('*'));
}

/** Whether the role may attach functions to a VPC, and does not forbid it to the code of the functions. */
function leaksNetwork(statements: Properties[]): boolean {
  const isNetwork = (statement: Properties) =>
    actionsOf(statement).some((action) => action.startsWith('ec2:'));
  return (
    statements.some((statement) => statement.Effect === 'Allow' && isNetwork(statement)) &&
    !statements.some(
      (statement) =>
        statement.Effect === 'Deny' &&
        isNetwork(statement) &&
        statement.Condition?.ArnEquals?.['lambda:SourceFunctionArn']?.length > 0,
    )
  );
}

/** Returns the roles that the functions have. */
function functionRoles(template: Parameters<Rule['faults']>[0]): Set<string> {
  return new Set(
    allOf(template, 'AWS::Lambda::Function').map(([, { Role }]) => Role?.['Fn::GetAtt']?.[0]),
  );
}

export const policyRules: Rule[] = [
  {
    rule: 'No role of a function has a wildcard in its policy',
    faults: (template) =>
      breaking(
        template,
        'AWS::IAM::Role',
        (properties, id) =>
          functionRoles(template).has(id) && statementsOf(properties).some(hasWildcard),
      ),
  },
  {
    rule: 'No role of a function has a managed policy',
    faults: (template) =>
      breaking(
        template,
        'AWS::IAM::Role',
        ({ ManagedPolicyArns = [] }, id) =>
          functionRoles(template).has(id) && ManagedPolicyArns.length > 0,
      ),
  },
  {
    rule: 'The code of a function may not create network interfaces',
    faults: (template) =>
      breaking(template, 'AWS::IAM::Role', (properties) => leaksNetwork(statementsOf(properties))),
  },
  {
    rule: 'A function that connects to no database has a role that can read no secret',
    faults: (template, deployment) => {
      const readers = breaking(template, 'AWS::IAM::Role', (properties) =>
        statementsOf(properties).some((statement) =>
          actionsOf(statement).some((action) => action.startsWith('ssm:')),
        ),
      );
      const others = deployment.functions
        .filter((deployed) => !connects(deployed))
        .map(({ name }) => lambdaName(deployment, name));
      return breaking(
        template,
        'AWS::Lambda::Function',
        ({ FunctionName, Role }) =>
          others.includes(FunctionName) && readers.includes(Role?.['Fn::GetAtt']?.[0]),
      );
    },
  },
  {
    rule: 'Every function has the role of its kind',
    faults: (template, deployment) =>
      deployment.functions.flatMap((deployed) => {
        const found = allOf(template, 'AWS::Lambda::Function').find(
          ([, { FunctionName }]) => FunctionName === lambdaName(deployment, deployed.name),
        );
        return found?.[1].Role?.['Fn::GetAtt']?.[0] === roleOf(deployed) ? [] : [deployed.name];
      }),
  },
];

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { deployedFunctions } from '../../packaging/deployed-functions.ts';
import { deploymentValues } from '../../packaging/deployment-settings.ts';
import { RULES, ruleFaults, specificationFaults } from '../../packaging/rules/template-faults.ts';
import type { Deployment } from '../../packaging/template/context.ts';
import { domainOf } from '../../packaging/template/domain.ts';
import { packaged } from '../support/artifacts.ts';

/*
 * The rules that every template follows, on a template with all settings of production.
 */

const PRODUCTION = {
  SECRETS_PARAMETER: '/manystore/prod',
  JWT_ISSUER: 'https://issuer.example/',
  JWT_AUDIENCE: 'the-audience',
  ALARM_TOPIC: 'arn:aws:sns:eu-central-1:123456789012:alarms',
  RESERVED_TOTAL: '400',
  PRIMARY_TIER: 'M30',
  SECONDARY_TIER: 'M30',
  MEMORY_MB: '1024',
  LOG_RETENTION_DAYS: '90',
  TAGS: 'team=shop,cost-center=42',
  VPC_SUBNETS: 'subnet-0123456789abcdef0,subnet-0123456789abcdef1',
  VPC_SECURITY_GROUPS: 'sg-0123456789abcdef0',
  DOMAIN_NAME: 'api.shop.example',
  CERTIFICATE_ARN: 'arn:aws:acm:eu-central-1:123456789012:certificate/0123-4567',
  HOSTED_ZONE_ID: 'Z0123456789ABC',
  GRADUAL: 'Canary10Percent5Minutes',
  TRACING: 'true',
};

/** The validator compiles its rules first. */
const VALIDATION_MS = 240_000;

const folder = packaged({ ...PRODUCTION, TEMPLATE_ONLY: 'true' }, 'prod');

// biome-ignore lint/suspicious/noExplicitAny: a template has no types.
type Template = any;
let template: Template;
const deployment: Deployment = {
  prefix: 'manystore-prod',
  stage: 'prod',
  values: deploymentValues(PRODUCTION),
  functions: (await deployedFunctions()).map((deployed) => ({ ...deployed, timeout: 10 })),
};

beforeAll(() => {
  const file = join(folder, 'cloudformation-template-update-stack.json');
  template = JSON.parse(readFileSync(file, 'utf8'));
});

const GET_PRODUCT = 'GetDashproductLambdaFunction';
const statements = ({ Resources }: Template, role: string) =>
  Resources[role].Properties.Policies[0].PolicyDocument.Statement;

/** Services whose resource types have another name than their actions. */
const PREFIXES: Record<string, string> = { apigatewayv2: 'apigateway' };

/** Returns the prefix of the actions that create a type of resource, such as `lambda` for `AWS::Lambda::Alias`. */
function prefixOf(type: string): string | undefined {
  const service = type.split('::')[1]?.toLowerCase() ?? '';
  return PREFIXES[service] ?? service;
}

/** For each rule, a change of the template that breaks it, and no other rule. */
const PLANTED: Record<string, (template: Template) => void> = {
  'A stack has at most 450 resources': ({ Resources }) => {
    for (let i = 0; i < 200; i++)
      Resources[`More${i}`] = { Type: 'AWS::SNS::Topic', Properties: {} };
  },
  'Every route requires a token with a scope, except for the public ones': ({ Resources }) => {
    Resources.HttpApiRouteGetStores.Properties.AuthorizationScopes = [];
  },
  'Every public route has a rate limit of its own': ({ Resources }) => {
    delete Resources.HttpApiStage.Properties.RouteSettings['GET /docs'];
  },
  'The API has a rate limit and an access log': ({ Resources }) => {
    delete Resources.HttpApiStage.Properties.DefaultRouteSettings;
  },
  'Every bucket is encrypted, versioned, and closed to the public': ({ Resources }) => {
    delete Resources.ServerlessDeploymentBucket.Properties.VersioningConfiguration;
  },
  'Every queue is encrypted': ({ Resources }) => {
    delete Resources.DeadLetters.Properties.SqsManagedSseEnabled;
  },
  'Every alarm computes with at most 10 metrics': ({ Resources }) => {
    const { Metrics } = Resources.ReadsErrors.Properties;
    for (let i = 0; i < 6; i++) Metrics.push({ ...Metrics[1], Id: `more${i}` });
  },
  'Every alarm notifies the topic, if there is one': ({ Resources }) => {
    delete Resources.Faults.Properties.AlarmActions;
  },
  'Every function has a log group with a retention': ({ Resources }) => {
    delete Resources.GetDashproductLogGroup.Properties.RetentionInDays;
  },
  'Every operation ends before the gateway does (30 s), and every task before its next run (300 s)':
    ({ Resources }) => {
      Resources[GET_PRODUCT].Properties.Timeout = 30;
    },
  'Every function has a reserved concurrency, unless RESERVED_TOTAL is off': ({ Resources }) => {
    delete Resources[GET_PRODUCT].Properties.ReservedConcurrentExecutions;
  },
  'Exactly the functions that connect to a database are in the VPC, if there is one': ({
    Resources,
  }) => {
    delete Resources[GET_PRODUCT].Properties.VpcConfig;
  },
  'No environment variable has a connection string': ({ Resources }) => {
    Resources[GET_PRODUCT].Properties.Environment.Variables.PRIMARY = 'mongodb://a:b@c.example';
  },
  'Every function keeps the runtime version that its compiled code was made for': ({
    Resources,
  }) => {
    Resources[GET_PRODUCT].Properties.RuntimeManagementConfig.UpdateRuntimeOn = 'Auto';
  },
  'Every scheduled function has a number of retries, and a queue for what failed in all of them': ({
    Resources,
  }) => {
    delete Resources.SyncDashmirrorLambdaEvConf.Properties.DestinationConfig;
  },
  'Only the gateway and the schedules of this stack may invoke a function': ({ Resources }) => {
    delete Resources.GetDashproductLambdaPermissionHttpApi.Properties.SourceArn;
  },
  'No role of a function has a wildcard in its policy': (all) => {
    statements(all, 'OperationRole')[1].Resource = {
      'Fn::Sub': 'arn:aws:ssm:eu-west-1:1:parameter/*',
    };
  },
  'No role of a function has a managed policy': ({ Resources }) => {
    Resources.TaskRole.Properties.ManagedPolicyArns = [
      'arn:aws:iam::aws:policy/AdministratorAccess',
    ];
  },
  'The code of a function may not create network interfaces': (all) => {
    const isDeny = ({ Effect }: Template) => Effect === 'Deny';
    statements(all, 'TaskRole').find(isDeny).Condition.ArnEquals['lambda:SourceFunctionArn'] = [];
  },
  'A function that connects to no database has a role that can read no secret': (all) => {
    statements(all, 'StaticRole').push(statements(all, 'OperationRole')[1]);
  },
  'Every function has the role of its kind': ({ Resources }) => {
    Resources[GET_PRODUCT].Properties.Role = { 'Fn::GetAtt': ['TaskRole', 'Arn'] };
  },
};

describe('the template of production', () => {
  it('follows the rules of this project', () => {
    expect(ruleFaults(template, deployment)).toEqual([]);
  });

  it(
    'follows the specification of AWS',
    () => {
      expect(specificationFaults(template, 'eu-central-1')).toEqual([]);
    },
    VALIDATION_MS,
  );

  it('follows it with a web ACL as well', () => {
    const values = {
      ...deployment.values,
      WEB_ACL_ARN: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/shop/0123-4567',
    };
    const resources = domainOf({ ...deployment, values });
    expect(Object.keys(resources)).toEqual(['Distribution', 'DomainRecord']);
    const { ApiDomain, ApiMapping, ...others } = template.Resources;
    expect(specificationFaults({ Resources: { ...others, ...resources } }, 'eu-central-1')).toEqual(
      [],
    );
  });

  it('needs only services that the policies of the deployer name', () => {
    const policies = ['deployer-policy.json', 'deployer-policy-domain.json'].map((file) =>
      JSON.parse(readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8')),
    );
    const actions: string[] = policies.flatMap(({ Statement }) =>
      Statement.flatMap(({ Action }: { Action: string | string[] }) => Action),
    );
    const allowed = new Set(actions.map((action) => action.split(':')[0]));
    const webAcl = domainOf({
      ...deployment,
      values: { ...deployment.values, WEB_ACL_ARN: 'arn:aws:wafv2:us-east-1:1:global/webacl/a/b' },
    });
    const all: Template[] = [...Object.values(template.Resources), ...Object.values(webAcl)];
    const needed = new Set(all.map(({ Type }) => prefixOf(Type)));
    expect([...needed].filter((prefix) => !allowed.has(prefix))).toEqual([]);
  });

  it('has aliases, and moves the traffic back for an alarm that exists', () => {
    const aliases = Object.values<Template>(template.Resources).filter(
      ({ Type }) => Type === 'AWS::Lambda::Alias',
    );
    // roll-out-indexes has no route and no schedule.
    expect(aliases).toHaveLength(deployment.functions.length - 1);
    const groups = Object.values<Template>(template.Resources).filter(
      ({ Type }) => Type === 'AWS::CodeDeploy::DeploymentGroup',
    );
    expect(groups).toHaveLength(aliases.length);
    for (const { Properties } of groups)
      for (const { Name } of Properties.AlarmConfiguration.Alarms)
        expect(template.Resources[Name.Ref].Type).toBe('AWS::CloudWatch::Alarm');
    const permissions = Object.values<Template>(template.Resources).filter(
      ({ Type }) => Type === 'AWS::Lambda::Permission',
    );
    for (const { Properties } of permissions)
      expect(JSON.stringify(Properties.FunctionName)).toContain('live');
  });

  it('has a dashboard whose graphs name metrics that exist', () => {
    const body = template.Resources.Dashboard.Properties.DashboardBody['Fn::Sub'];
    const { widgets } = JSON.parse(body);
    expect(widgets.length).toBeGreaterThan(10);
    for (const [, id = ''] of body.matchAll(/\$\{(\w+)(?:\.\w+)?\}/g))
      expect(template.Resources).toHaveProperty(id);
  });
});

describe('a rule', () => {
  it('has a planted fault', () => {
    expect(Object.keys(PLANTED).sort()).toEqual(RULES.map(({ rule }) => rule).sort());
  });

  it.each(Object.entries(PLANTED))('rejects a template that breaks it: %s', (rule, plant) => {
    const planted = structuredClone(template);
    plant(planted);
    const faults = ruleFaults(planted, deployment);
    expect(faults).toContainEqual(expect.stringContaining(`${rule}: not `));
    // A function with another role than that of its kind breaks no other rule, and so on.
    expect(faults).toHaveLength(1);
  });

  it(
    'of AWS rejects a template that breaks it',
    () => {
      const planted = structuredClone(template);
      const { Resources } = planted;
      Resources[GET_PRODUCT].Properties.Memory = 512;
      delete Resources.TaskRole.Properties.AssumeRolePolicyDocument;
      Resources.HttpApiStage.Properties.ApiId = { Ref: 'Nothing' };
      Resources.HttpApiIntegrationGetProduct = {
        Type: 'AWS::ApiGateway::Integration2',
        Properties: {},
      };
      Resources.DeadLetters.Properties.MessageRetentionPeriod = 'long';
      const faults = specificationFaults(planted, 'eu-central-1').join('\n');
      for (const id of [
        GET_PRODUCT,
        'TaskRole',
        'HttpApiStage',
        'HttpApiIntegrationGetProduct',
        'DeadLetters',
      ])
        expect(faults).toContain(id);
    },
    VALIDATION_MS,
  );
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { allFunctions } from '../support/operations.ts';

/*
 * The CloudFormation template that the framework generates from serverless.yml.
 */

interface Resource {
  Type: string;
  DependsOn?: string | string[];
  Properties: ReturnType<typeof JSON.parse>;
}

/** Secrets that may be in the environment during packaging, and must not get into the template. */
const SECRETS = {
  PRIMARY_CONN_STR: 'mongodb+srv://somebody:s3cret@primary.example/manystore',
  SECONDARY_CONN_STR: 'mongodb+srv://somebody:s3cret@secondary.example/manystore',
  CURSOR_SECRET: 'the cursors are signed with this secret',
};

/** The environment of the packaging. */
export const DEPLOYER = {
  ...SECRETS,
  SECRETS_PARAMETER: '/manystore/prod',
  JWT_ISSUER: 'https://issuer.example/',
  JWT_AUDIENCE: 'the-audience',
  CORS_ORIGIN: 'https://shop.example',
};

const { operations } = await allFunctions();

/** @param folder the folder that was packaged in the environment {@link DEPLOYER} */
export function describeTemplate(folder: string): void {
  let resources: Record<string, Resource>;
  beforeAll(() => {
    const file = join(folder, 'cloudformation-template-update-stack.json');
    resources = JSON.parse(readFileSync(file, 'utf8')).Resources;
  });

  /** The properties of every resource of a type. */
  function all(type: string): Resource['Properties'][] {
    const found = Object.values(resources).filter(({ Type }) => Type === type);
    return found.map(({ Properties }) => Properties);
  }

  /** The only resource of a type. */
  function only(type: string): Resource['Properties'] {
    const [found, ...others] = all(type);
    expect(others).toEqual([]);
    return found;
  }

  /** The ARN of a resource in this account and region. */
  const arn = (service: string, resource: string) => ({
    'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
  });

  describe('the gateway', () => {
    it('requires a token with the scope of the operation on every route, except for the public ones', () => {
      const expected = [...operations.values()].flatMap(({ contract: { routes, scope } }) =>
        routes.map((route) => [route, scope === 'public' ? null : [scope]]),
      );
      const routes = all('AWS::ApiGatewayV2::Route').map((route) => {
        const isOpen = route.AuthorizationType === undefined || route.AuthorizationType === 'NONE';
        if (!isOpen) {
          expect(route.AuthorizationType).toBe('JWT');
          expect(route.AuthorizerId).toEqual({ Ref: 'HttpApiAuthorizerTokens' });
        }
        return [route.RouteKey, isOpen ? null : route.AuthorizationScopes];
      });
      expect(routes.sort()).toEqual(expected.sort());
    });

    it('has only the intended public routes', () => {
      const open = [...operations.values()].filter(({ contract }) => contract.scope === 'public');
      expect(open.flatMap(({ contract }) => contract.routes)).toEqual([
        'GET /docs',
        'GET /docs/{asset}',
        'GET /',
        'GET /health',
        'GET /openapi.json',
      ]);
    });

    it('accepts tokens of one issuer, for one audience, only from the header', () => {
      expect(only('AWS::ApiGatewayV2::Authorizer')).toMatchObject({
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Issuer: 'https://issuer.example/', Audience: ['the-audience'] },
      });
    });

    it('allows the pages of one origin, without cookies', () => {
      const { CorsConfiguration: cors } = only('AWS::ApiGatewayV2::Api');
      expect(cors.AllowOrigins).toEqual(['https://shop.example']);
      expect(cors.AllowCredentials).toBeUndefined();
      const methods = [...operations.values()].flatMap(({ contract }) =>
        contract.routes.map((route) => route.split(' ')[0]),
      );
      expect([...cors.AllowMethods].sort()).toEqual([...new Set(methods)].sort());
      for (const header of cors.AllowHeaders) expect(header).not.toContain('*');
    });

    it('limits the rate of requests', () => {
      expect(only('AWS::ApiGatewayV2::Stage').DefaultRouteSettings).toEqual({
        ThrottlingRateLimit: '500',
        ThrottlingBurstLimit: '200',
      });
    });

    it('limits the rate of each public route, so that they cannot use up the limit of callers', () => {
      const { RouteSettings } = only('AWS::ApiGatewayV2::Stage');
      const open = [...operations.values()].filter(({ contract }) => contract.scope === 'public');
      const limit = { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 20 };
      expect(RouteSettings).toEqual(
        Object.fromEntries(
          open.flatMap(({ contract: { routes } }) => routes.map((route) => [route, limit])),
        ),
      );
      // CloudFormation creates the routes before their settings.
      const stage = Object.values(resources).find(
        ({ Type }) => Type === 'AWS::ApiGatewayV2::Stage',
      );
      const before = [stage?.DependsOn].flat().map((name) => resources[String(name)]);
      expect(
        before
          .map((resource) => resource?.Properties.RouteKey)
          .filter(Boolean)
          .sort(),
      ).toEqual(Object.keys(RouteSettings).sort());
    });

    it('logs every request, with its subject and why it was rejected', () => {
      const { AccessLogSettings } = only('AWS::ApiGatewayV2::Stage');
      expect(AccessLogSettings.DestinationArn).toEqual({
        'Fn::GetAtt': ['HttpApiLogGroup', 'Arn'],
      });
      expect(AccessLogSettings.Format).not.toContain('\n');
      expect(Object.values(JSON.parse(AccessLogSettings.Format))).toEqual(
        expect.arrayContaining(
          [
            'requestId',
            'identity.sourceIp',
            'authorizer.claims.sub',
            'authorizer.error',
            'status',
            'responseLatency',
          ].map((name) => `$context.${name}`),
        ),
      );
    });

    it('counts the requests that it throttles in the access log', () => {
      const filter = only('AWS::Logs::MetricFilter');
      expect([filter.LogGroupName, filter.FilterPattern]).toEqual([
        { Ref: 'HttpApiLogGroup' },
        '{ $.status = "429" }',
      ]);
      expect(filter.MetricTransformations[0]).toMatchObject({
        MetricNamespace: resources.Throttled?.Properties.Namespace,
        MetricName: resources.Throttled?.Properties.MetricName,
      });
    });
  });

  describe('the alarms', () => {
    it('watch requests, connections, the mirror, and each group of functions', () => {
      const groups = ['Reads', 'Writes', 'Stores', 'Files', 'Reports', 'Public', 'Tasks'];
      const names = Object.keys(resources).filter(
        (id) => resources[id]?.Type === 'AWS::CloudWatch::Alarm',
      );
      expect(names.sort()).toEqual(
        [
          ...['Faults', 'GatewayFaults', 'ClientErrors', 'ClientErrorRate', 'Throttled'],
          ...['Deadlines', 'SyncLag', 'SyncFailed', 'SyncRemaining', 'DeadLettersPresent'],
          'ClusterUnavailable',
          ...['primary', 'secondary'].flatMap((server) => {
            const name = server.replace(/^./, (letter) => letter.toUpperCase());
            return [`${name}Away`, `${name}Disconnects`, `${name}Sockets`];
          }),
          ...groups.flatMap((group) => [`${group}Errors`, `${group}Throttles`, `${group}Slow`]),
        ].sort(),
      );
    });

    it('are not raised by missing data, except for a mirror that is not synced', () => {
      for (const [id, { Type, Properties }] of Object.entries(resources))
        if (Type === 'AWS::CloudWatch::Alarm')
          expect(Properties.TreatMissingData).toBe(id === 'SyncLag' ? 'breaching' : 'notBreaching');
    });

    it('watch the metrics that the functions of this stage publish', () => {
      const namespace = 'Manystore/dev';
      for (const { Environment } of all('AWS::Lambda::Function'))
        expect(Environment.Variables.POWERTOOLS_METRICS_NAMESPACE).toBe(namespace);
      const own = all('AWS::CloudWatch::Alarm').filter(
        ({ Namespace = 'AWS/Lambda' }) => !Namespace.startsWith('AWS/'),
      );
      expect(own.length).toBeGreaterThan(5);
      for (const { Namespace } of own) expect(Namespace).toBe(namespace);
    });
  });

  describe('the roles of the functions', () => {
    const statements = (role: string) =>
      resources[role]?.Properties.Policies[0].PolicyDocument.Statement;

    const isStatic = (name: string) =>
      operations.get(name.replace('manystore-dev-', ''))?.contract.servers?.length === 0;

    /** Allows writing the logs of the functions that have the role. */
    const logsOf = (role: string) => ({
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: all('AWS::Lambda::Function')
        .filter(({ Role }) => Role['Fn::GetAtt'][0] === role)
        .map(({ FunctionName }) => FunctionName)
        .sort()
        .map((name) => arn('logs', `log-group:/aws/lambda/${name}:*`)),
    });
    const secrets = [
      {
        Effect: 'Allow',
        Action: ['ssm:GetParameter'],
        Resource: arn('ssm', 'parameter/manystore/prod'),
      },
      {
        Effect: 'Allow',
        Action: ['ssm:GetParameter', 'ssm:GetParametersByPath'],
        Resource: [
          arn('ssm', 'parameter/manystore/prod/clusters'),
          arn('ssm', 'parameter/manystore/prod/clusters/*'),
        ],
      },
    ];

    it('allow writing their own logs, reading one parameter, and nothing else', () => {
      expect(statements('OperationRole')).toEqual([logsOf('OperationRole'), ...secrets]);
      expect(statements('TaskRole')).toEqual([
        logsOf('TaskRole'),
        ...secrets,
        {
          Effect: 'Allow',
          Action: ['sqs:SendMessage'],
          Resource: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] },
        },
      ]);
    });

    it('allow reading no secret to the functions that connect to no database', () => {
      expect(statements('StaticRole')).toEqual([logsOf('StaticRole')]);
      for (const { FunctionName, Role } of all('AWS::Lambda::Function'))
        expect(Role['Fn::GetAtt'][0] === 'StaticRole').toBe(isStatic(FunctionName));
    });

    it('can only be assumed by Lambda', () => {
      for (const { AssumeRolePolicyDocument, ManagedPolicyArns } of all('AWS::IAM::Role')) {
        const [statement, ...others] = AssumeRolePolicyDocument.Statement;
        expect(others).toEqual([]);
        expect(statement.Principal).toEqual({ Service: ['lambda.amazonaws.com'] });
        expect(ManagedPolicyArns).toBeUndefined();
      }
    });

    it('allows only the gateway and the schedules to invoke a function', () => {
      const callers = all('AWS::Lambda::Permission').map(({ Principal, SourceArn }) => {
        expect(SourceArn).toBeDefined();
        return Principal;
      });
      expect([...new Set(callers)].sort()).toEqual([
        'apigateway.amazonaws.com',
        'events.amazonaws.com',
      ]);
      expect(all('AWS::Lambda::Url')).toEqual([]);
    });
  });

  describe('the functions', () => {
    it('get the name of the parameter with the secrets, and no secret', () => {
      for (const { Environment } of all('AWS::Lambda::Function')) {
        expect(Environment.Variables.SECRETS_PARAMETER).toBe('/manystore/prod');
        for (const name of Object.keys(SECRETS))
          expect(Environment.Variables).not.toHaveProperty(name);
      }
    });

    it('keep the runtime version that their compiled code was made for', () => {
      for (const { Runtime, Architectures, RuntimeManagementConfig } of all(
        'AWS::Lambda::Function',
      ))
        expect([Runtime, Architectures, RuntimeManagementConfig]).toEqual([
          'nodejs24.x',
          ['x86_64'],
          { UpdateRuntimeOn: 'FunctionUpdate' },
        ]);
    });

    it('are packaged without secrets of the environment', () => {
      const texts = readdirSync(folder).filter((file) => file.endsWith('.json'));
      expect(texts.length).toBeGreaterThan(0);
      for (const file of texts) {
        const text = readFileSync(join(folder, file), 'utf8');
        for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
        expect(text).not.toMatch(/mongodb(?:\+srv)?:\/\//);
      }
      for (const file of readdirSync(folder).filter((name) => name.endsWith('.zip'))) {
        const files = Object.values(unzipSync(readFileSync(join(folder, file))));
        expect(files.length).toBeGreaterThan(1);
        for (const content of files)
          for (const secret of Object.values(SECRETS))
            expect(Buffer.from(content).includes(secret)).toBe(false);
      }
    });

    it('each write to a log group with a retention of one month', () => {
      const groups = all('AWS::Logs::LogGroup');
      const names = all('AWS::Lambda::Function').map(({ FunctionName }) => FunctionName);
      expect(groups.map(({ LogGroupName }) => LogGroupName.replace('/aws/lambda/', ''))).toEqual([
        ...names,
        '/aws/http-api/manystore-dev',
      ]);
      for (const { RetentionInDays } of groups) expect(RetentionInDays).toBe(30);
    });
  });

  describe('the bucket of the artifacts', () => {
    it('is encrypted, versioned and closed, and speaks TLS only', () => {
      expect(only('AWS::S3::Bucket')).toMatchObject({
        BucketEncryption: expect.anything(),
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: { RestrictPublicBuckets: true },
      });
      const [statement] = only('AWS::S3::BucketPolicy').PolicyDocument.Statement;
      expect(statement).toMatchObject({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': false } },
      });
    });
  });
}

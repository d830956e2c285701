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

    it('raises alarms when it throttles, for many responses of 4xx, and for a cluster that is not available', () => {
      const [filter, ...others] = all('AWS::Logs::MetricFilter');
      expect(others).toEqual([]);
      expect([filter.LogGroupName, filter.FilterPattern]).toEqual([
        { Ref: 'HttpApiLogGroup' },
        '{ $.status = "429" }',
      ]);
      const alarms = all('AWS::CloudWatch::Alarm');
      expect(alarms.map(({ Namespace, MetricName }) => [Namespace, MetricName])).toEqual([
        ['Manystore', filter.MetricTransformations[0].MetricName],
        ['AWS/ApiGateway', '4xx'],
        ['Manystore', 'ConnectionEvents'],
      ]);
      for (const { AlarmActions, TreatMissingData } of alarms) {
        expect(AlarmActions['Fn::If'][0]).toBe('HasAlarmTopic');
        expect(TreatMissingData).toBe('notBreaching');
      }
    });
  });

  describe('the role of the functions', () => {
    it('allows writing their logs and reading the parameters of the service, and nothing else', () => {
      const { Policies, ManagedPolicyArns } = only('AWS::IAM::Role');
      expect(ManagedPolicyArns).toBeUndefined();
      expect(Policies).toHaveLength(1);
      expect(Policies[0].PolicyDocument.Statement).toEqual([
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: arn('logs', 'log-group:/aws/lambda/manystore-dev-*:*'),
        },
        {
          Effect: 'Allow',
          Action: ['ssm:GetParameter'],
          Resource: arn('ssm', 'parameter/manystore/prod'),
        },
        {
          Effect: 'Allow',
          Action: ['ssm:GetParameter', 'ssm:GetParametersByPath'],
          Resource: ['', '/*'].map((rest) =>
            arn('ssm', `parameter/manystore/prod/clusters${rest}`),
          ),
        },
      ]);
    });

    it('is shared by all functions, and can only be assumed by Lambda', () => {
      const [statement, ...others] = only('AWS::IAM::Role').AssumeRolePolicyDocument.Statement;
      expect(others).toEqual([]);
      expect(statement.Principal).toEqual({ Service: ['lambda.amazonaws.com'] });
      for (const { Role } of all('AWS::Lambda::Function'))
        expect(Role).toEqual({ 'Fn::GetAtt': ['IamRoleLambdaExecution', 'Arn'] });
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
    it('is encrypted, and speaks TLS only', () => {
      expect(only('AWS::S3::Bucket').BucketEncryption).toBeDefined();
      const [statement] = only('AWS::S3::BucketPolicy').PolicyDocument.Statement;
      expect(statement).toMatchObject({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': false } },
      });
    });
  });
}

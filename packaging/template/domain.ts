import type { Deployment, Resource, Resources } from './context.ts';

/** The policies that AWS manages: no caching, and every header of the client except for `Host`. */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const ALL_VIEWER_EXCEPT_HOST_HEADER = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

/** The id of the hosted zone of every CloudFront distribution. */
const CLOUDFRONT_ZONE = 'Z2FDTNDATAQYW2';

/**
 * Returns the resources between a client and the API: a CloudFront distribution if there is a web ACL, because an HTTP
 * API cannot have one; and the domain name, with its DNS record if the hosted zone is known.
 */
export function domainOf({ values }: Deployment): Resources {
  const { DOMAIN_NAME, WEB_ACL_ARN } = values;
  if (WEB_ACL_ARN)
    return {
      Distribution: distribution(values),
      ...record(values, {
        DNSName: { 'Fn::GetAtt': ['Distribution', 'DomainName'] },
        HostedZoneId: CLOUDFRONT_ZONE,
      }),
    };
  if (!DOMAIN_NAME) return {};
  return {
    ApiDomain: {
      Type: 'AWS::ApiGatewayV2::DomainName',
      Properties: {
        DomainName: DOMAIN_NAME,
        DomainNameConfigurations: [
          {
            CertificateArn: values.CERTIFICATE_ARN,
            EndpointType: 'REGIONAL',
            SecurityPolicy: 'TLS_1_2',
          },
        ],
      },
    },
    ApiMapping: {
      Type: 'AWS::ApiGatewayV2::ApiMapping',
      Properties: {
        ApiId: { Ref: 'HttpApi' },
        DomainName: { Ref: 'ApiDomain' },
        Stage: { Ref: 'HttpApiStage' },
      },
    },
    ...record(values, {
      DNSName: { 'Fn::GetAtt': ['ApiDomain', 'RegionalDomainName'] },
      HostedZoneId: { 'Fn::GetAtt': ['ApiDomain', 'RegionalHostedZoneId'] },
    }),
  };
}

/** Returns whether clients reach the API only through its domain name: CloudFront needs the API's own address. */
export const isDefaultEndpointOff = ({ values }: Deployment): boolean =>
  values.DOMAIN_NAME !== '' && values.WEB_ACL_ARN === '';

/** Returns the URL that clients use. */
export function urlOf({ values }: Deployment): unknown {
  if (values.DOMAIN_NAME) return `https://${values.DOMAIN_NAME}`;
  if (values.WEB_ACL_ARN) return { 'Fn::Sub': `https://\${Distribution.DomainName}` };
  return { 'Fn::GetAtt': ['HttpApi', 'ApiEndpoint'] };
}

const distribution = (values: Deployment['values']): Resource => ({
  Type: 'AWS::CloudFront::Distribution',
  Properties: {
    DistributionConfig: {
      Enabled: true,
      HttpVersion: 'http2and3',
      IPV6Enabled: true,
      WebACLId: values.WEB_ACL_ARN,
      ...(values.DOMAIN_NAME
        ? {
            Aliases: [values.DOMAIN_NAME],
            ViewerCertificate: {
              AcmCertificateArn: values.CERTIFICATE_ARN,
              SslSupportMethod: 'sni-only',
              MinimumProtocolVersion: 'TLSv1.2_2021',
            },
          }
        : {}),
      Origins: [
        {
          Id: 'api',
          DomainName: {
            'Fn::Sub': `\${HttpApi}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}`,
          },
          CustomOriginConfig: {
            OriginProtocolPolicy: 'https-only',
            OriginSSLProtocols: ['TLSv1.2'],
            OriginReadTimeout: 30,
          },
        },
      ],
      DefaultCacheBehavior: {
        TargetOriginId: 'api',
        ViewerProtocolPolicy: 'https-only',
        AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
        CachePolicyId: CACHING_DISABLED,
        OriginRequestPolicyId: ALL_VIEWER_EXCEPT_HOST_HEADER,
      },
    },
  },
});

function record({ DOMAIN_NAME, HOSTED_ZONE_ID }: Deployment['values'], target: object): Resources {
  if (!HOSTED_ZONE_ID) return {};
  return {
    DomainRecord: {
      Type: 'AWS::Route53::RecordSet',
      Properties: {
        HostedZoneId: HOSTED_ZONE_ID,
        Name: DOMAIN_NAME,
        Type: 'A',
        AliasTarget: target,
      },
    },
  };
}

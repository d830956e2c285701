import { setTimeout as delay } from 'node:timers/promises';

/** A parameter in AWS Systems Manager's Parameter Store, and how to read it. */
export interface ParameterSource {
  /** Its name, with the leading slash. */
  parameter: string;
  region: string;
  /** The URL of Systems Manager, if it is not the default one of the region. */
  endpoint: string | undefined;
  /** The credentials of the function's role. */
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
}

/** Parameter Store did not return a value. The message contains no secret. */
export class ParameterUnavailable extends Error {
  override readonly name = 'ParameterUnavailable';
  /** Whether a retry may succeed. */
  readonly isTransient: boolean;
  /** Whether there is no such parameter. */
  readonly isMissing: boolean;

  constructor(
    message: string,
    { isTransient, isMissing = false }: { isTransient: boolean; isMissing?: boolean },
  ) {
    super(message);
    this.isTransient = isTransient;
    this.isMissing = isMissing;
  }
}

const TIMEOUT_MS = 2_000;
/** The maximum backoff before each retry. Parameter Store allows 40 requests per second. */
const BACKOFF_MS = [200, 800];

/**
 * Reads a parameter, and decrypts it if it is a SecureString. It calls the Systems Manager API, signed with the
 * function's credentials (Signature Version 4).
 *
 * It does not use the AWS SDK, which takes longer to load than the whole function, or the Lambda extension for
 * parameters, which does not respond before the first request, while a container connects before that.
 *
 * @throws {ParameterUnavailable} when the request is rejected, or fails three times
 */
export async function readParameter(source: ParameterSource): Promise<string> {
  const input = { Name: source.parameter, WithDecryption: true };
  const { Parameter } = await callWithRetries(source, 'GetParameter', input);
  const value = (Parameter as { Value?: unknown } | undefined)?.Value;
  if (typeof value === 'string') return value;
  throw new ParameterUnavailable('Parameter Store returned no value', { isTransient: false });
}

/**
 * Lists the parameters whose names begin with that of `source` and a slash, without the values of SecureStrings.
 *
 * @returns the rest of their names, sorted
 * @throws {ParameterUnavailable} when the request is rejected, or fails three times
 */
export async function listParameters(source: ParameterSource): Promise<string[]> {
  const names: string[] = [];
  const prefix = `${source.parameter}/`;
  for (let token: unknown; ; ) {
    const input = { Path: source.parameter, ...(token ? { NextToken: token } : {}) };
    const { Parameters, NextToken } = await callWithRetries(source, 'GetParametersByPath', input);
    for (const { Name } of (Parameters ?? []) as { Name: string }[])
      if (Name.startsWith(prefix)) names.push(Name.slice(prefix.length));
    token = NextToken;
    if (!token) return names.sort();
  }
}

type Action = 'GetParameter' | 'GetParametersByPath';
type Output = Readonly<Record<string, unknown>>;

async function callWithRetries(
  source: ParameterSource,
  action: Action,
  input: object,
): Promise<Output> {
  for (const backoff of BACKOFF_MS) {
    try {
      return await callOnce(source, action, input);
    } catch (error) {
      if (!(error instanceof ParameterUnavailable && error.isTransient)) throw error;
    }
    // Random backoff, so that containers that start at the same time do not retry at the same time.
    await delay(Math.random() * backoff);
  }
  return callOnce(source, action, input);
}

async function callOnce(
  { region, endpoint, credentials }: ParameterSource,
  action: Action,
  input: object,
): Promise<Output> {
  const { default: aws4 } = await import('aws4');
  const url = new URL(endpoint ?? `https://ssm.${region}.${domainOf(region)}/`);
  const body = JSON.stringify(input);
  const headers = {
    host: url.host,
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AmazonSSM.${action}`,
  };
  const request = { method: 'POST', path: '/', service: 'ssm', region, body, headers };
  const signed = aws4.sign(request, credentials);
  const { status, text } = await post(url, signed.headers as Record<string, string>, body);
  if (status === 200) return outputIn(text);
  const kind = kindIn(text);
  throw new ParameterUnavailable(`Parameter Store returned ${status} ${kind}`.trim(), {
    isTransient: status >= 500 || /throttl/i.test(kind),
    isMissing: kind === 'ParameterNotFound',
  });
}

const domainOf = (region: string) =>
  region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';

async function post(
  url: URL,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; text: string }> {
  const { request } =
    url.protocol === 'http:' ? await import('node:http') : await import('node:https');
  return new Promise((resolve, reject) => {
    const fail = ({ message }: Error) =>
      reject(new ParameterUnavailable(message, { isTransient: true }));
    const sent = request(url, { method: 'POST', headers, timeout: TIMEOUT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', fail);
    });
    sent.on('timeout', () => sent.destroy(new Error('Parameter Store did not respond in time')));
    sent.on('error', fail);
    sent.end(body);
  });
}

function outputIn(text: string): Output {
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new ParameterUnavailable('Parameter Store returned no JSON', { isTransient: false });
  }
}

/** Returns the type of an error response, such as ParameterNotFound or ThrottlingException. */
function kindIn(text: string): string {
  try {
    return /\w*$/.exec(String(JSON.parse(text).__type))?.[0] ?? '';
  } catch {
    return '';
  }
}

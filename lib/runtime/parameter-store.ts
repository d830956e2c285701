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

  constructor(message: string, { isTransient }: { isTransient: boolean }) {
    super(message);
    this.isTransient = isTransient;
  }
}

const TIMEOUT_MS = 2_000;
/** The maximum backoff before each retry. Parameter Store allows 40 requests per second. */
const BACKOFF_MS = [200, 800];

/**
 * Reads a parameter, and decrypts it if it is a SecureString. It calls GetParameter of the Systems Manager API, signed
 * with the function's credentials (Signature Version 4).
 *
 * It does not use the AWS SDK, which takes longer to load than the whole function, or the Lambda extension for
 * parameters, which does not respond before the first request, while a container connects before that.
 *
 * @throws {ParameterUnavailable} when the request is rejected, or fails three times
 */
export async function readParameter(source: ParameterSource): Promise<string> {
  for (const backoff of BACKOFF_MS) {
    try {
      return await getParameter(source);
    } catch (error) {
      if (!(error instanceof ParameterUnavailable && error.isTransient)) throw error;
    }
    // Random backoff, so that containers that start at the same time do not retry at the same time.
    await delay(Math.random() * backoff);
  }
  return getParameter(source);
}

async function getParameter({
  parameter,
  region,
  endpoint,
  credentials,
}: ParameterSource): Promise<string> {
  const { default: aws4 } = await import('aws4');
  const url = new URL(endpoint ?? `https://ssm.${region}.${domainOf(region)}/`);
  const body = JSON.stringify({ Name: parameter, WithDecryption: true });
  const headers = {
    host: url.host,
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'AmazonSSM.GetParameter',
  };
  const request = { method: 'POST', path: '/', service: 'ssm', region, body, headers };
  const signed = aws4.sign(request, credentials);
  const { status, text } = await post(url, signed.headers as Record<string, string>, body);
  if (status === 200) return valueIn(text);
  throw new ParameterUnavailable(`Parameter Store returned ${status} ${kindIn(text)}`.trim(), {
    isTransient: status >= 500 || /throttl/i.test(kindIn(text)),
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

function valueIn(text: string): string {
  try {
    const { Value } = JSON.parse(text).Parameter;
    if (typeof Value === 'string') return Value;
  } catch {}
  throw new ParameterUnavailable('Parameter Store returned no value', { isTransient: false });
}

/** Returns the type of an error response, such as ParameterNotFound or ThrottlingException. */
function kindIn(text: string): string {
  try {
    return /\w*$/.exec(String(JSON.parse(text).__type))?.[0] ?? '';
  } catch {
    return '';
  }
}

import { setTimeout as delay } from 'node:timers/promises';

/** A parameter of AWS Systems Manager's Parameter Store, and what it takes to ask for it. */
export interface ParameterPlace {
  /** Its name, with the leading slash. */
  parameter: string;
  region: string;
  /** Systems Manager's address, where it is not the region's own. */
  endpoint: string | undefined;
  /** Of the function's role. */
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
}

/** Parameter Store did not give a value. What stands in the message is no secret. */
export class ParameterUnavailable extends Error {
  override readonly name = 'ParameterUnavailable';
  /** Whether another try may do. */
  readonly isPassing: boolean;

  constructor(message: string, { isPassing }: { isPassing: boolean }) {
    super(message);
    this.isPassing = isPassing;
  }
}

const TIMEOUT_MS = 2_000;
/** How long to wait before another try, at most: Parameter Store takes 40 requests a second. */
const PAUSES_MS = [200, 800];

/**
 * Reads a parameter, a SecureString decrypted: the action GetParameter of Systems Manager's API, signed with the
 * function's credentials (Signature Version 4).
 *
 * Not by AWS' SDK, which takes longer to load than all that a function has, nor by its extension for Lambda, which
 * answers nobody until the first request is there: a container connects before that.
 *
 * @throws {ParameterUnavailable} when it is refused, or does not come in three tries
 */
export async function readParameter(place: ParameterPlace): Promise<string> {
  for (const pause of PAUSES_MS) {
    try {
      return await ask(place);
    } catch (error) {
      if (!(error instanceof ParameterUnavailable && error.isPassing)) throw error;
    }
    // Containers that start together do not ask together again.
    await delay(Math.random() * pause);
  }
  return ask(place);
}

async function ask({ parameter, region, endpoint, credentials }: ParameterPlace): Promise<string> {
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
    isPassing: status >= 500 || /throttl/i.test(kindIn(text)),
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
      reject(new ParameterUnavailable(message, { isPassing: true }));
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
  throw new ParameterUnavailable('Parameter Store returned no value', { isPassing: false });
}

/** The kind of an error, such as ParameterNotFound or ThrottlingException. */
function kindIn(text: string): string {
  try {
    return /\w*$/.exec(String(JSON.parse(text).__type))?.[0] ?? '';
  } catch {
    return '';
  }
}

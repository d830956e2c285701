interface Form {
  isValid: (value: string) => boolean;
  expected: string;
}

const isIssuer = (value: string) => {
  if (!URL.canParse(value)) return false;
  const { protocol, username, search, hash } = new URL(value);
  return protocol === 'https:' && username + search + hash === '' && !/[\s?#@]/.test(value);
};

const isOrigin = (value: string) =>
  URL.canParse(value) && /^https:\/\/[^*]+$/.test(value) && new URL(value).origin === value;

const count: Form = {
  isValid: (value) => /^[1-9]\d{0,5}$/.test(value),
  expected: 'an integer from 1 to 999999',
};

const FORMS: Readonly<Record<string, Form>> = {
  // It ends an ARN: a star would cover other parameters, and without the slash it names none.
  SECRETS_PARAMETER: {
    isValid: (value) =>
      /^(?:\/[\w.-]+){1,15}$/.test(value) &&
      !/^\/(?:aws|ssm)/i.test(value) &&
      value.length <= 1_011,
    expected: 'the name of one parameter, such as /manystore/prod, without wildcards',
  },
  JWT_ISSUER: { isValid: isIssuer, expected: 'an https:// URL without query' },
  JWT_AUDIENCE: {
    isValid: (value) => /^[^\s,*]+$/.test(value),
    expected: 'one audience, without spaces and wildcards',
  },
  CORS_ORIGIN: {
    isValid: (value) => value.split(',').every(isOrigin),
    expected:
      'origins, such as https://catalog.example, separated by commas, without paths, spaces and wildcards',
  },
  ARCHITECTURE: {
    isValid: (value) => value === 'x86_64' || value === 'arm64',
    expected: 'x86_64 or arm64',
  },
  ALARM_TOPIC: {
    isValid: (value) => /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/.test(value),
    expected: 'the ARN of an SNS topic',
  },
  ALARM_CLIENT_ERRORS: count,
  THROTTLE_PER_SECOND: count,
  THROTTLE_BURST: count,
};

/**
 * Returns what is wrong with the settings of a deployment, one line for each fault; an empty list if nothing is. A line
 * names the setting and never shows its value.
 *
 * @param env the environment variables
 * @param required the names of those that must be set
 */
export function settingFaults(env: NodeJS.ProcessEnv, required: readonly string[]): string[] {
  const missing = required.filter((name) => !env[name]?.trim());
  const malformed = Object.entries(FORMS)
    .filter(([name, { isValid }]) => {
      const value = env[name];
      return value && !missing.includes(name) && !isValid(value);
    })
    .map(([name, { expected }]) => `${name} must be ${expected}`);
  return missing.length > 0
    ? [`Missing environment variables: ${missing.join(', ')}`, ...malformed]
    : malformed;
}

import { sdk } from './aws-sdk.ts';

interface Sts {
  STSClient: new (options: {
    region: string;
    maxAttempts: number;
  }) => {
    send(command: object): Promise<{ Account?: string }>;
  };
  GetCallerIdentityCommand: new (input: object) => object;
}

/**
 * Asks AWS for the account that the credentials belong to, with the credentials of the environment, of a profile, or of
 * the machine.
 *
 * @throws {Error} with one line, if there are no credentials or AWS does not accept them
 */
export async function accountOf(region: string): Promise<string> {
  const { STSClient, GetCallerIdentityCommand } = sdk('@aws-sdk/client-sts') as Sts;
  try {
    const client = new STSClient({ region, maxAttempts: 2 });
    const { Account = '' } = await client.send(new GetCallerIdentityCommand({}));
    return Account;
  } catch (error) {
    const { name, message } = error as Error;
    throw new Error(
      name === 'CredentialsProviderError'
        ? 'There are no AWS credentials. Sign in with aws sso login and set AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'
        : `AWS does not accept the credentials: ${name}: ${message.split('\n')[0]}`,
    );
  }
}

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RoleCredentials, signedHeaders } from './aws-signature.ts';

/** An answer of Parameter Store's. */
export interface StoreAnswer {
  status: number;
  body: string;
}

/** What it answers when it has the parameter. */
export const parameter = (value: string): StoreAnswer => ({
  status: 200,
  body: JSON.stringify({ Parameter: { Value: value } }),
});

/** What it answers when it refuses. */
export const refusal = (status: number, kind: string): StoreAnswer => ({
  status,
  body: JSON.stringify({ __type: `com.amazonaws.ssm#${kind}`, message: 'It says why.' }),
});

/** Stands in for AWS Systems Manager: it answers requests that the role has signed. */
export class ParameterStore {
  readonly #role: RoleCredentials;
  readonly #server: Server;
  /** The answers to come, the last of them for good. Without one, it cuts the connection. */
  answers: StoreAnswer[] = [];
  /** What it was asked for. */
  readonly asked: unknown[] = [];

  constructor(role: RoleCredentials) {
    this.#role = role;
    this.#server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { authorization = '', ...headers } = request.headers;
      const signed = signedHeaders({ authorization, headers, body }, this.#role);
      this.asked.push({ target: headers['x-amz-target'], ...JSON.parse(body) });
      const [answer] = this.answers.length > 1 ? this.answers.splice(0, 1) : this.answers;
      if (!answer) response.destroy();
      else if (signed?.includes('x-amz-target')) response.writeHead(answer.status).end(answer.body);
      else response.writeHead(400).end(refusal(400, 'InvalidSignatureException').body);
    });
  }

  /** Listens, and gives what the environment of a function must have to find it, and to sign. */
  async listen(): Promise<Record<string, string>> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return {
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: this.#role.id,
      AWS_SECRET_ACCESS_KEY: this.#role.secret,
      AWS_SESSION_TOKEN: this.#role.token,
    };
  }

  shut(): void {
    this.#server.close();
  }
}

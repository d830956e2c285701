import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RoleCredentials, signedHeaders } from './aws-signature.ts';

/** A response of Parameter Store. */
export interface StoreAnswer {
  status: number;
  body: string;
}

/** The response with a parameter. */
export const parameter = (value: string): StoreAnswer => ({
  status: 200,
  body: JSON.stringify({ Parameter: { Value: value } }),
});

/** An error response. */
export const refusal = (status: number, kind: string): StoreAnswer => ({
  status,
  body: JSON.stringify({ __type: `com.amazonaws.ssm#${kind}`, message: 'It says why.' }),
});

/** A stand-in for AWS Systems Manager, which serves only requests that the role has signed. */
export class ParameterStore {
  readonly #role: RoleCredentials;
  readonly #server: Server;
  /** The next responses, of which the last one is repeated. Without any, it cuts the connection. */
  answers: StoreAnswer[] = [];
  /** The requests that it received. */
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

  /** Listens, and returns the variables with which a function finds it and signs requests. */
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

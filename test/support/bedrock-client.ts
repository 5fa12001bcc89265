import { request as httpRequest, type IncomingMessage } from 'node:http';

import { BedrockRuntimeClient, type BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';

export const AWS_KEY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

type Handler = Extract<NonNullable<BedrockRuntimeClientConfig['requestHandler']>, { handle: unknown }>;

/** The official client, over HTTP/1.1, since a stand-in speaks no other. */
export function bedrockClient(endpoint: string): BedrockRuntimeClient {
  const requestHandler: Pick<Handler, 'handle'> = {
    async handle({ method, protocol, hostname, port, path, headers, body }) {
      const message = await new Promise<IncomingMessage>((resolve, reject) => {
        const sent = httpRequest({ method, protocol, hostname, port, path, headers }, resolve);
        sent.on('error', reject);
        sent.end(body);
      });
      return { response: { statusCode: message.statusCode ?? 0, headers: message.headers, body: message } as never };
    },
  };
  return new BedrockRuntimeClient({
    region: 'eu-west-1',
    endpoint,
    credentials: AWS_KEY,
    requestHandler: requestHandler as Handler,
    maxAttempts: 1,
  });
}

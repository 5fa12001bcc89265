import { request as httpRequest, type IncomingMessage } from 'node:http';

import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';

export const AWS_KEY = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

interface Asked {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: Uint8Array | string;
}

/** The official client, over HTTP/1.1, since a stand-in speaks no other. */
export function bedrockClient(endpoint: string): BedrockRuntimeClient {
  const requestHandler = {
    async handle({ body, ...asked }: Asked): Promise<object> {
      const message = await new Promise<IncomingMessage>((resolve, reject) => {
        const sent = httpRequest(asked, resolve);
        sent.on('error', reject);
        sent.end(body);
      });
      return { response: { statusCode: message.statusCode, headers: message.headers, body: message } };
    },
  };
  return new BedrockRuntimeClient({
    region: 'eu-west-1',
    endpoint,
    credentials: AWS_KEY,
    requestHandler,
    maxAttempts: 1,
  });
}

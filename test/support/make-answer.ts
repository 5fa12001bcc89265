import type { StoredAnswer } from '../../src/pipeline/cache/answer/stored-answer.ts';

/** A kept answer of a chat, but for what the test says. */
export function makeAnswer({
  labels,
  ...parts
}: Partial<Omit<StoredAnswer, 'labels'>> & { readonly labels?: Partial<StoredAnswer['labels']> } = {}): StoredAnswer {
  return {
    key: '0123456789abcdef0123456789abcdef',
    partition: 'fedcba9876543210fedcba9876543210',
    storedAt: 1_700_000_000_000,
    expiresAt: 1_700_003_600_000,
    target: 'openai/gpt-4o-mini',
    responseModel: 'gpt-4o-mini-2024-07-18',
    simulated: false,
    finishReason: 'stop',
    usage: { inputTokens: 12, outputTokens: 34 },
    costNanoUsd: 2_200,
    content: { kind: 'bytes', contentType: 'application/json', body: Buffer.from('{"choices":[]}') },
    ...parts,
    labels: {
      project: 'default',
      user: undefined,
      keyId: 'key-1',
      model: 'chat',
      promptVersion: undefined,
      tags: [],
      ...labels,
    },
  };
}

import type { JsonObject } from '../../src/core/json.ts';
import {
  type KeepingUpstream,
  type Makes,
  bodyOf,
  events,
  formOf,
  json,
  newId,
  shownOf,
  startKeeping,
} from './keeping-upstream.ts';

/** A stand-in for Anthropic that keeps files, batches of messages, containers and what was said. */
export const startKeepingAnthropic = (): Promise<KeepingUpstream> => startKeeping(MAKES);

const MAKES: Makes = {
  '/files'(request, kept) {
    const { file } = formOf(request);
    const id = newId('file_');
    const shape = { type: 'file', created_at: '2026-01-01T00:00:00Z', mime_type: 'text/plain', downloadable: true };
    kept.set(id, { id, ...shape, filename: file.name, size_bytes: file.content.length, content: file.content });
    return json(shownOf(kept.get(id) ?? {}));
  },
  '/messages/batches'(_request, kept) {
    const id = newId('msgbatch_');
    const counts = { processing: 0, succeeded: 1, errored: 0, canceled: 0, expired: 0 };
    const content = `${JSON.stringify({ custom_id: 'one', result: { type: 'succeeded', message: {} } })}\n`;
    kept.set(id, {
      id,
      type: 'message_batch',
      processing_status: 'ended',
      request_counts: counts,
      created_at: '2026-01-01T00:00:00Z',
      results_url: `https://api.anthropic.com/v1/messages/batches/${id}/results`,
      content,
    });
    return json(shownOf(kept.get(id) ?? {}));
  },
  '/messages/count_tokens': () => json({ input_tokens: 7 }),
  '/messages'(request, kept) {
    const { model = '', tools, stream } = bodyOf(request);
    const container = Array.isArray(tools) ? { id: newId('container_'), expires_at: '2030-01-01T00:00:00Z' } : null;
    if (container) kept.set(container.id, container);
    const file = newId('file_');
    if (container) kept.set(file, { id: file, type: 'file', filename: 'out.csv', content: 'a,b' });
    const ran = {
      type: 'bash_code_execution_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: { type: 'bash_code_execution_result', content: [{ type: 'bash_code_execution_output', file_id: file }] },
    };
    const content: JsonObject[] = [...(container ? [ran] : []), { type: 'text', text: 'Hi' }];
    const id = newId('msg_');
    kept.set(id, { id });
    const head = { id, type: 'message', role: 'assistant', model, stop_sequence: null };
    const usage = { input_tokens: 1, output_tokens: 1 };
    if (stream !== true) return json({ ...head, content, container, stop_reason: 'end_turn', usage });
    return events(
      { type: 'message_start', message: { ...head, content: [], container: null, stop_reason: null, usage } },
      ...content.flatMap((block, index): JsonObject[] => [
        {
          type: 'content_block_start',
          index,
          content_block: block['type'] === 'text' ? { type: 'text', text: '' } : block,
        },
        ...(block['type'] === 'text'
          ? [{ type: 'content_block_delta', index, delta: { type: 'text_delta', text: 'Hi' } }]
          : []),
        { type: 'content_block_stop', index },
      ]),
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null, container }, usage },
      { type: 'message_stop' },
    );
  },
};

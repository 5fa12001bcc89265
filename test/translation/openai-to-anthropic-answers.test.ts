import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { StreamEvent } from '../../src/core/events.ts';
import { parseExact } from '../../src/core/inference/exact-json.ts';
import { type JsonObject, asString, isJsonObject } from '../../src/core/json.ts';
import { anthropicWire } from '../../src/models/providers/anthropic/wire.ts';
import { readStream } from '../support/read-recording.ts';
import { loadRecordings, recordingsMissing } from '../support/recordings.ts';

const skip = recordingsMissing();
const recordings = loadRecordings().filter(({ dialect }) => dialect === 'anthropic');

/** What an answer says, in its parts: by the index of each, its kind and its text. */
function partsOf(events: readonly StreamEvent[]): Map<number, string> {
  const parts = new Map<number, string>();
  const add = (index: number, text: string): void => void parts.set(index, (parts.get(index) ?? '') + text);
  for (const event of events) {
    if (event.type === 'text-delta') add(event.index, event.text);
    else if (event.type === 'reasoning-delta') add(event.index, event.text);
    else if (event.type === 'reasoning-signature') add(event.index, `#${event.signature}`);
    else if (event.type === 'tool-call-start')
      add(event.index, `${event.served ? 'served ' : ''}${event.id} ${event.name} `);
    else if (event.type === 'tool-call-delta') add(event.index, event.argumentsText);
  }
  return parts;
}

/** The same, read from the blocks of a message. */
function partsIn(message: JsonObject): Map<number, string> {
  const parts = new Map<number, string>();
  const blocks = message['content'] as JsonObject[];
  for (const [index, block] of blocks.entries()) {
    const said = sayingOf(block);
    if (said !== '') parts.set(index, said);
  }
  return parts;
}

function sayingOf(block: JsonObject): string {
  const text = (name: string): string => asString(block[name]) ?? '';
  switch (block['type']) {
    case 'text':
      return text('text');
    case 'thinking':
      return text('thinking') + (text('signature') === '' ? '' : `#${text('signature')}`);
    case 'redacted_thinking':
      return `#${text('data')}`;
    case 'tool_use':
      return `${text('id')} ${text('name')} ${JSON.stringify(block['input'])}`;
    case 'server_tool_use':
    case 'mcp_tool_use':
      return `served ${text('id')} ${text('name')} ${JSON.stringify(block['input'])}`;
    default:
      return '';
  }
}

describe('recorded answers of Anthropic, as events', { skip }, () => {
  for (const { name, bytes } of recordings.filter(({ kind }) => kind === 'whole')) {
    it(`${name}: says all that its message does, and ends once`, () => {
      const body = parseExact(bytes.toString());
      assert.ok(isJsonObject(body));
      const events = anthropicWire.answerEvents(body);
      assert.deepEqual(partsOf(events), partsIn(body));
      assert.equal(events[0]?.type, 'message-start');
      assert.deepEqual(
        events.filter(({ type }) => type === 'end' || type === 'finish').map(({ type }) => type),
        ['finish', 'end'],
      );
    });
  }

  for (const recording of recordings.filter(({ kind, faulty }) => kind === 'stream' && faulty === undefined)) {
    it(`promise 2: ${recording.name}: each tool call begins, goes on and ends in its own part`, () => {
      const open = new Set<number>();
      const { events } = readStream(anthropicWire, [recording.bytes]);
      for (const event of events) {
        if (event.type === 'tool-call-start') {
          assert.ok(!open.has(event.index) && event.id !== '' && event.name !== '');
          open.add(event.index);
        } else if (event.type === 'tool-call-delta') assert.ok(open.has(event.index));
        else if (event.type === 'tool-call-end') assert.ok(open.delete(event.index));
      }
      assert.equal(open.size, 0);
    });
  }
});

import type { Message } from '../../src/core/inference/content.ts';
import type { InferenceRequest } from '../../src/core/inference/request.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Capabilities } from '../../src/models/capabilities/capabilities.ts';
import { type BuiltBody, buildBody } from '../../src/models/providers/openai/build-body.ts';
import { COMPATIBLE_QUIRKS, OPENAI_QUIRKS, type ServerQuirks } from '../../src/models/providers/openai/quirks.ts';
import { makeInference } from './make-inference.ts';

export interface On {
  readonly model?: string;
  readonly capabilities?: Capabilities;
  /** In place of OpenAI: a server with these quirks. */
  readonly quirks?: Partial<ServerQuirks>;
}

/** A request for OpenAI, or for another server, that says hello but for what the test says. */
export function build(parts: Partial<InferenceRequest>, { model = 'm', capabilities, quirks }: On = {}): BuiltBody {
  const server = quirks ? { ...COMPATIBLE_QUIRKS, ...quirks } : OPENAI_QUIRKS;
  return buildBody(makeInference(parts), model, capabilities, server);
}

export function bodyOf(parts: Partial<InferenceRequest>, on?: On): JsonObject {
  return build(parts, on).body;
}

export function messagesOf(messages: readonly Message[], on?: On): JsonObject[] {
  return bodyOf({ messages }, on)['messages'] as JsonObject[];
}

export function notesOf(parts: Partial<InferenceRequest>, on?: On): string[] {
  return build(parts, on).notes.map(({ field, says }) => `${field} ${says}`);
}

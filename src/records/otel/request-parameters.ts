import { type JsonObject, asCount, isJsonObject } from '../../core/json.ts';
import { ATTR, type Value } from './conventions.ts';

/** What the client asked of the model beside its messages: numbers only, so none of it is content. */
export function parametersOf(body: JsonObject | undefined): Readonly<Record<string, Value | undefined>> {
  if (!body) return {};
  const config = isJsonObject(body['generationConfig']) ? body['generationConfig'] : {};
  return {
    [ATTR.maxTokens]: firstCount(
      body['max_completion_tokens'],
      body['max_output_tokens'],
      body['max_tokens'],
      config['maxOutputTokens'],
    ),
    [ATTR.temperature]: firstCount(body['temperature'], config['temperature']),
    [ATTR.topP]: firstCount(body['top_p'], config['topP']),
  };
}

function firstCount(...values: unknown[]): number | undefined {
  return values.map(asCount).find((value) => value !== undefined);
}

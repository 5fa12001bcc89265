import * as fc from './fast-check.ts';

import { hasPlainKeys } from './plain-keys.ts';
import type { JsonObject } from '../../src/core/json.ts';

const space = fc.constantFrom('', ' ', '\n  ', '\t');

/** JSON text of an object with white space of any kind between its parts, as clients of any language send it. */
export function jsonTextOf(value: JsonObject): fc.Arbitrary<string> {
  const members = Object.entries(value).map(([key, member]) =>
    fc.tuple(space, space, space).map(([a, b, c]) => `${a}${JSON.stringify(key)}${b}:${c}${JSON.stringify(member)}`),
  );
  return fc.tuple(fc.tuple(...members), space).map(([texts, end]) => `{${texts.join(',')}${end}}`);
}

/** Any request body with a model, a stream flag, stream options, and fields that nobody knows. */
export function requestBodies(): fc.Arbitrary<JsonObject> {
  const unknown = fc.dictionary(
    fc.string({ maxLength: 6 }).filter(isFree),
    fc.jsonValue({ maxDepth: 2 }).filter(hasPlainKeys),
    {
      maxKeys: 4,
    },
  );
  const known = fc.record(
    {
      model: fc.constantFrom('chat', 'gpt-5', 'a "quoted" name', '模型'),
      stream: fc.boolean(),
      stream_options: fc.constantFrom(
        null,
        {},
        { include_usage: true },
        { include_usage: false, include_obfuscation: false },
      ),
      messages: fc.array(fc.record({ role: fc.constant('user'), content: fc.string({ unit: 'grapheme' }) }), {
        maxLength: 3,
      }),
    },
    { requiredKeys: ['model', 'messages'] },
  );
  return fc.tuple(unknown, known).map(([more, body]) => asParsed({ ...more, ...body }));
}

/** As a reader of the JSON has it: no -0, no objects without a prototype. */
function asParsed(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

const KNOWN = new Set(['model', 'stream', 'stream_options', 'messages', '__proto__']);

function isFree(key: string): boolean {
  return !KNOWN.has(key) && hasPlainKeys({ [key]: 0 });
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { parseConfig } from './load.ts';
import { withReference } from './reference.ts';

const document = readFileSync(new URL('../../docs/config.md', import.meta.url), 'utf8');

describe('docs/config.md', () => {
  it('has every key as the code has it', () => {
    assert.equal(document, withReference(document), 'npm run generate');
  });

  it('says where its marks are missing', () => {
    assert.throws(() => withReference('# Configuration'), RangeError);
  });

  it('has only examples that load', () => {
    const env = { OPENAI_API_KEY: 'k', KEY_A: 'a', KEY_B: 'b' };
    const examples = [...document.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text);
    assert.ok(examples.length >= 3);
    for (const text of examples) assert.doesNotThrow(() => parseConfig(text, { path: 'example', env }));
  });

  it('shows messages as they are', () => {
    const shown = [...document.matchAll(/^causeway\.yaml:\d+:\d+: (.*)$/gm)].map(([, message]) => message);
    const text = 'server: { bodyLimit: 10 megabytes }\nmodels: { chat: { target: sim/echo, taget: x } }';
    assert.throws(
      () => parseConfig(text, { path: 'causeway.yaml', env: {} }),
      (error: Error) => {
        const said = error.message.split('\n').map((line) => line.replace(/^causeway\.yaml:\d+:\d+: /, ''));
        assert.deepEqual(said, shown);
        return true;
      },
    );
  });
});

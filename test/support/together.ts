import { join } from 'node:path';
import { describe } from 'node:test';
import { pathToFileURL } from 'node:url';

/** Names the files, each on a line, that share this process: see scripts/run-tests.ts. */
export const TOGETHER = 'CAUSEWAY_TEST_FILES';

// A suite for each of them: hooks that stand outside of any suite in a file are that file's alone.
for (const file of process.env[TOGETHER]?.split('\n') ?? []) {
  describe(file, async () => {
    await import(pathToFileURL(join(import.meta.dirname, '../..', file)).href);
  });
}

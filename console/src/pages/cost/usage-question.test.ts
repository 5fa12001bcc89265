import { expect, test } from 'vitest';

import { csvAddress, nextGroup, queryBefore, readUsageQuestion, usageQuery } from './usage-question.ts';

const RANGE = { name: '7d', since: '2026-11-15T00:00:00.000Z', until: undefined, lengthMs: 7 * 86_400_000 } as const;

test('the address says what is asked, and what it does not know is as usual', () => {
  const question = readUsageQuestion({ by: 'project', model: 'chat', measure: 'nonsense', bucket: 'hour' }, RANGE);
  expect(question).toMatchObject({ by: 'project', measure: 'cost', bucket: 'hour', filters: { model: 'chat' } });
  expect(readUsageQuestion({}, RANGE)).toMatchObject({ by: 'model', bucket: 'day', filters: {} });
});

test('the period before is as long and ends where this one begins', () => {
  const query = queryBefore(readUsageQuestion({ user: 'ada' }, RANGE), ['model']);
  expect(query).toMatchObject({ since: '2026-11-08T00:00:00.000Z', until: RANGE.since, user: 'ada', by: 'model' });
});

test('what is filtered by is not grouped by next', () => {
  expect(nextGroup({ model: 'chat' }, 'model')).toBe('project');
  expect(nextGroup({}, 'project')).toBe('model');
});

test('the file has the rows of the table', () => {
  const question = readUsageQuestion({ model: 'a&b' }, RANGE);
  const address = new URL(csvAddress('/admin/v1/usage', usageQuery(question, ['model'])), 'http://localhost');
  expect(Object.fromEntries(address.searchParams)).toMatchObject({ model: 'a&b', by: 'model', format: 'csv' });
});

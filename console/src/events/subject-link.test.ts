import { describe, expect, it } from 'vitest';

import { subjectLink } from './subject-link.ts';

describe('what an event is about', () => {
  it('leads to the requests of its time', () => {
    expect(subjectLink('target:openai/gpt-5-mini', '2026-11-22T08:00:00.000Z')).toEqual({
      to: '/requests',
      search: {
        target: 'openai/gpt-5-mini',
        since: '2026-11-22T07:00:00.000Z',
        until: '2026-11-22T08:10:00.000Z',
      },
    });
    expect(subjectLink('project:a:b')?.search).toEqual({ project: 'a:b' });
    expect(subjectLink('user:ada')?.search).toEqual({ user: 'ada' });
    expect(subjectLink('user:a%2Fb/ada/1')?.search).toEqual({ project: 'a/b', user: 'ada/1' });
  });

  it('leads to what is tried, where it is that', () => {
    expect(subjectLink('canary:a/b')).toEqual({ to: '/rollouts/canaries/a%2Fb', search: {} });
  });

  it('leads nowhere where there is no page of it', () => {
    expect(['gateway', 'ip:127.0.0.1', 'model:', ':x', 'constructor:x'].map((one) => subjectLink(one))).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
  });
});

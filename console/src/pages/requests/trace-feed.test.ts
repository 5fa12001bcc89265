import { describe, expect, it } from 'vitest';

import { type AskPage, TraceFeed } from './trace-feed.ts';
import type { TraceRow } from './trace-row.ts';

function row(number: number): TraceRow {
  const at = new Date(1_700_000_000_000 + number * 1000).toISOString();
  return { id: String(number).padStart(8, '0'), at } as TraceRow;
}

/** Rows 0 … newest in a database; a cursor is the id behind which a page begins. */
class Database {
  newest: number;
  asked = 0;
  broken = false;

  constructor(newest: number) {
    this.newest = newest;
  }

  readonly ask: AskPage = async (cursor, limit) => {
    this.asked += 1;
    if (this.broken) throw new Error('away');
    const from = cursor === undefined ? this.newest : Number(cursor) - 1;
    const rows = Array.from({ length: Math.min(limit, from + 1) }, (_, at) => row(from - at));
    const last = rows.at(-1);
    return { rows, next: last && Number(last.id) > 0 ? last.id : null };
  };
}

async function settled(feed: TraceFeed): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  expect(feed.state().isLoading).toBe(false);
}

async function feedOf(rows: number): Promise<{ feed: TraceFeed; database: Database }> {
  const database = new Database(rows - 1);
  const feed = new TraceFeed(database.ask);
  await feed.start();
  return { feed, database };
}

async function scrollToEnd(feed: TraceFeed): Promise<void> {
  for (let turn = 0; turn < 1000 && !feed.state().isEnd; turn += 1) {
    const { count } = feed.state();
    feed.look(count - 20, count - 1);
    await settled(feed);
  }
}

function held(feed: TraceFeed): number {
  return Array.from({ length: feed.state().count }, (_, at) => feed.rowAt(at)).filter(Boolean).length;
}

describe('TraceFeed', () => {
  it('reads a hundred thousand rows page by page and holds some thousand', async () => {
    const { feed, database } = await feedOf(100_000);
    await scrollToEnd(feed);
    expect(feed.state().count).toBe(100_000);
    expect(feed.rowAt(99_999)?.id).toBe('00000000');
    expect(database.asked).toBe(251);
    expect(held(feed)).toBeLessThan(3500);
  });

  it('brings back what it let go, at its old place', async () => {
    const { feed } = await feedOf(10_000);
    await scrollToEnd(feed);
    expect(feed.rowAt(1000)).toBeUndefined();
    feed.look(1000, 1020);
    await settled(feed);
    expect(feed.rowAt(1000)?.id).toBe('00008999');
    expect(feed.rowAt(9999)).toBeUndefined();
  });

  it('shows what is new at once at the top', async () => {
    const { feed, database } = await feedOf(1000);
    database.newest += 3;
    await feed.tick();
    expect(feed.rowAt(0)?.id).toBe('00001002');
    expect(feed.rowAt(3)?.id).toBe('00000999');
    expect(feed.state()).toMatchObject({ waiting: 0, count: 203 });
  });

  it('moves nothing while somebody reads further down', async () => {
    const { feed, database } = await feedOf(1000);
    feed.setAtTop(false);
    database.newest += 3;
    await feed.tick();
    expect(feed.rowAt(0)?.id).toBe('00000999');
    expect(feed.state().waiting).toBe(3);
    feed.setAtTop(true);
    expect(feed.rowAt(0)?.id).toBe('00001002');
  });

  it('begins anew rather than leave a hole', async () => {
    const { feed, database } = await feedOf(1000);
    feed.setAtTop(false);
    database.newest += 5000;
    await feed.tick();
    expect(feed.state().waitingMore).toBe(true);
    feed.showWaiting();
    await settled(feed);
    expect(feed.rowAt(0)?.id).toBe('00005999');
    expect(feed.rowAt(150)?.id).toBe('00005849');
  });

  it('fills an empty list', async () => {
    const { feed, database } = await feedOf(0);
    expect(feed.state()).toMatchObject({ count: 0, isEnd: true });
    database.newest = 0;
    await feed.tick();
    expect(feed.rowAt(0)?.id).toBe('00000000');
  });

  it('goes on at the end while it brings back what it let go', async () => {
    const { feed } = await feedOf(10_000);
    for (let turn = 0; turn < 12; turn += 1) {
      feed.look(feed.state().count - 20, feed.state().count - 1);
      await settled(feed);
    }
    const { count } = feed.state();
    expect(feed.rowAt(300)).toBeUndefined();
    feed.look(300, 320);
    feed.look(count - 20, count - 1);
    await settled(feed);
    expect(feed.state().count).toBe(count + 400);
    expect(feed.rowAt(300)).toBeDefined();
  });

  it('says what failed, asks no more by itself, and goes on when told to', async () => {
    const { feed, database } = await feedOf(1000);
    database.broken = true;
    feed.look(150, 199);
    await settled(feed);
    expect(feed.state().error).toBeInstanceOf(Error);
    const { asked } = database;
    feed.look(150, 199);
    await settled(feed);
    expect(database.asked).toBe(asked);
    database.broken = false;
    await feed.retry();
    expect(feed.state()).toMatchObject({ count: 600, error: undefined });
  });
});

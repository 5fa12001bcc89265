import { type Socket, connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

import { HEALTHY, LEFT, LONG, LONG_CROSSED } from './fault-site.ts';
import { type RowFigures, addedLatency, recordsOf, successOf } from './row-figures.ts';
import type { DrillGateway } from './gateway.ts';
import { abortSeenAfter, leave } from './leaving.ts';
import { type LoadShape, type Outcome, mixedLoad } from './mixed-load.ts';
import { officialReaders } from './readers.ts';
import type { Site } from './site.ts';
import { atLeast, atMost, most, percent, quantile } from './verdict.ts';

const SLOW_READERS = 10;
const SETTLE_MS = 1000;
/** Of 64 MB that each could be sent. */
const MB_PER_READER = 4;
const ENDLESS = 'endless';
const ABORT_MS = 100;
const LEAVERS = { full: 100, quick: 20 };

/** Takes one byte a second, and never more. */
function crawl({ url, key }: DrillGateway, model: string): Socket {
  const { hostname, port } = new URL(url);
  const body = JSON.stringify({
    model,
    stream: true,
    max_tokens: 100_000,
    messages: [{ role: 'user', content: 'Go on.' }],
  });
  const head = [
    'POST /v1/chat/completions HTTP/1.1',
    `host: ${hostname}:${port}`,
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.pause();
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  const timer = setInterval(() => socket.read(1), 1000);
  socket.once('close', () => clearInterval(timer));
  return socket;
}

/** Until nothing more is taken from the upstream; resolves to the bytes that were. */
async function untilFull(site: Site): Promise<number> {
  let bytes = -1;
  for (;;) {
    await pause(SETTLE_MS);
    const { bytes: now } = await site.stats(ENDLESS);
    if (typeof now !== 'number' || now === bytes) return bytes;
    bytes = now;
  }
}

/** Some clients read one byte a second, of relayed and of translated answers, while all others go on as ever. */
export async function slowReaders(site: Site, shape: LoadShape, healthy: readonly Outcome[]): Promise<RowFigures> {
  const title = 'a client that reads 1 byte/s';
  console.error(title);
  const { gateway } = site;
  const before = await gateway.memoryMb();
  const sockets = Array.from({ length: SLOW_READERS }, (_, at) => crawl(gateway, at % 2 === 0 ? LONG : LONG_CROSSED));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const taken = await untilFull(site);
  const outcomes = await mixedLoad(gateway, HEALTHY, shape);
  const growth = (await gateway.memoryMb()) - before;
  const waiting = await site.stats(ENDLESS);
  const leftAt = Date.now();
  for (const socket of sockets) socket.destroy();
  await pause(SETTLE_MS);
  const after = await site.stats(ENDLESS);
  const lags = after.aborts.slice(waiting.aborted).map(({ at }) => Date.parse(at) - leftAt);
  const share = successOf(outcomes);
  return {
    title,
    cells: [
      `${outcomes.length} of others, beside ${SLOW_READERS} that were sent ${(taken / 1024 ** 2 / SLOW_READERS).toFixed(1)} MB each`,
      percent(share),
      '',
      addedLatency(outcomes, healthy),
      '',
      recordsOf([...(await gateway.traces(LONG)), ...(await gateway.traces(LONG_CROSSED))]),
    ],
    checks: [
      atLeast('success of others', share, 0.999),
      atMost(`memory that ${SLOW_READERS} of them hold`, growth, SLOW_READERS * MB_PER_READER, ' MB'),
      atMost('upstream streams ended before they left', waiting.aborted, 0),
      atMost('from leaving to the last abort upstream', most(lags), ABORT_MS, ' ms'),
    ].map((check) => ({ ...check, what: `${title}: ${check.what}` })),
  };
}

/** Clients that leave in the middle of a stream, one after another. */
export async function gone(site: Site, quick: boolean): Promise<RowFigures> {
  const title = 'a client that leaves';
  console.error(title);
  const { gateway } = site;
  const readers = officialReaders(gateway.url, gateway.key);
  const streams = ['openai stream', 'anthropic stream'].flatMap((name) => readers[name] ?? []);
  const lags: (number | undefined)[] = [];
  for (let at = 0; at < (quick ? LEAVERS.quick : LEAVERS.full); at += 1) {
    const read = streams[at % streams.length];
    if (!read) break;
    const before = await site.stats('well');
    const { leftAt } = await leave(read, LEFT, { afterTexts: 3 });
    lags.push(await abortSeenAfter(site, 'well', before, leftAt));
  }
  const seen = lags.flatMap((lag) => lag ?? []);
  const traces = await gateway.traces(LEFT);
  const notAborted = traces.filter(({ status }) => status !== 'aborted').length;
  return {
    title,
    cells: [
      String(lags.length),
      '',
      '',
      `abort upstream after p50 ${quantile(seen, 0.5)}, most ${most(seen)}`,
      '',
      recordsOf(traces),
    ],
    checks: [
      atMost('aborts that the upstream did not see', lags.length - seen.length, 0),
      atMost('from leaving to the abort upstream, at most', most(seen), ABORT_MS, ' ms'),
      atMost('records that are not "aborted"', notAborted, 0),
    ].map((check) => ({ ...check, what: `${title}: ${check.what}` })),
  };
}

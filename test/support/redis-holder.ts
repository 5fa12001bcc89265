import { openReplica } from './redis-replica.ts';

/**
 * A replica as a process of its own, `node redis-holder.ts <url> <lease in ms>`: it holds three calls of 10 that were
 * sent and two of 100 that wait, says its name, and waits to be killed.
 */
const [url = '', leaseMs = ''] = process.argv.slice(2);
const replica = await openReplica({ url, leaseMs: Number(leaseMs), graceMs: 0 });
for (const amount of [10, 10, 10, 100, 100]) {
  const verdict = await replica.ledger.admit([
    { kind: 'budget', key: 'money', limit: 1000, amount, hard: true, endsAt: undefined },
    { kind: 'concurrency', key: 'places', limit: 10 },
  ]);
  if (!verdict.admitted) throw new Error('it was not admitted');
  if (amount === 100) verdict.holding.waits();
}
await replica.ledger.read([]);
process.stdout.write(`${replica.id}\n`);
setInterval(() => {}, 60_000);

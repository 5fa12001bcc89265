import assert from 'node:assert/strict';

import { GatewayError } from '../../src/core/errors.ts';
import type { Gate } from '../../src/pipeline/resilience/queue/gate.ts';
import { Slot, SlotQueue, type SlotRequest } from '../../src/pipeline/resilience/queue/slot-queue.ts';
import { FakeClock } from './fake-clock.ts';

export interface QueueBenchOptions {
  readonly concurrency?: number;
  readonly size?: number;
  readonly maxWaitMs?: number;
  readonly gate?: (clock: FakeClock) => Gate;
}

/** A queue, and what became of each request by its name. */
export class QueueBench {
  readonly clock = new FakeClock();
  readonly slots = new Map<string, Slot>();
  /** Names in the order in which they were given a slot. */
  readonly granted: string[] = [];
  readonly refused = new Map<string, GatewayError>();
  readonly queue: SlotQueue;
  concurrency: number;

  constructor({ concurrency = 1, size = 100, maxWaitMs = 30_000, gate }: QueueBenchOptions = {}) {
    this.concurrency = concurrency;
    this.queue = new SlotQueue({
      concurrency: () => this.concurrency,
      size: () => size,
      maxWaitMs: () => maxWaitMs,
      clock: this.clock,
      scheduler: this.clock,
      ...(gate && { gate: gate(this.clock) }),
    });
  }

  ask(name: string, request: Partial<SlotRequest> = {}): void {
    const grant = (slot: Slot): void => {
      this.slots.set(name, slot);
      this.granted.push(name);
    };
    const refuse = (error: unknown): void => {
      assert.ok(error instanceof GatewayError);
      this.refused.set(name, error);
    };
    try {
      const outcome = this.queue.acquire({ owner: 'a', ...request });
      if (outcome instanceof Slot) grant(outcome);
      else void outcome.then(grant, refuse);
    } catch (error) {
      refuse(error);
    }
  }

  async release(name: string): Promise<void> {
    this.slots.get(name)?.release();
    await settled();
  }

  async advance(ms: number): Promise<void> {
    this.clock.advance(ms);
    await settled();
  }
}

/** After whoever was told of something has done what follows. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
}

import type { Clock } from '../../../core/clock.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { ChannelSettings } from '../channels/settings.ts';
import type { Verdict } from '../channels/verdict.ts';
import type { Notice } from '../messages/notice.ts';
import { GIVE_UP_MS, pauseMs } from './backoff.ts';
import type { Delivered } from './delivery-log.ts';

export type Outcome = Delivered['outcome'];

export interface DeliveryDeps {
  /** Those in force now, by name. */
  channels(): ReadonlyMap<string, ChannelSettings>;
  /** Tries once; never rejects. */
  send(channel: ChannelSettings, notice: Notice): Promise<Verdict>;
  ended(delivered: Delivered): void;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: () => number;
}

interface Delivery {
  readonly notice: Notice;
  readonly channel: string;
  /** Of the first try, monotonic. */
  readonly startedAt: number;
  attempts: number;
  cancel: (() => void) | undefined;
}

/** What goes to one channel, one at a time. */
interface Lane {
  readonly ready: Delivery[];
  /** One is being sent, or the pause after it is not over. */
  isBusy: boolean;
}

/** More at a time are not sent. */
const MOST = 500;
/** Robots of groups may send 20 messages a minute, and are silenced for a while after more; Slack takes one a second. */
const GAP_MS: Readonly<Record<ChannelSettings['type'], number>> = {
  webhook: 0,
  slack: 1000,
  feishu: 700,
  dingtalk: 3100,
  wecom: 3100,
  email: 0,
};

/** Sends notices, off the request path: each channel for itself, again after what passes, for ten minutes at most. */
export class Deliveries {
  readonly #deps: DeliveryDeps;
  readonly #lanes = new Map<string, Lane>();
  readonly #open = new Set<Delivery>();
  #isClosed = false;
  #idle: (() => void) | undefined;

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
  }

  /** How many are not sent yet. */
  get waiting(): number {
    return this.#open.size;
  }

  /** Neither waits nor throws. */
  add(notice: Notice, channels: Iterable<string>): void {
    for (const channel of channels) {
      const delivery = { notice, channel, startedAt: this.#deps.clock.monotonic(), attempts: 0, cancel: undefined };
      if (this.#isClosed || this.#open.size >= MOST) {
        const error = this.#isClosed ? 'the gateway is stopping' : `${MOST} others wait to be sent`;
        this.#deps.ended({ notice, channel, outcome: 'failed', attempts: 0, error });
      } else {
        this.#open.add(delivery);
        this.#ready(delivery);
      }
    }
  }

  /** Sends what can be sent in that time; the rest failed. */
  async close(timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    // What waits for another try would wait for longer than an end takes.
    for (const delivery of this.#open)
      if (delivery.cancel) this.#fail(delivery, 'the gateway stopped before the next try');
    if (this.#open.size > 0) {
      const { promise: over, resolve } = Promise.withResolvers<void>();
      const cancel = this.#deps.scheduler.after(timeoutMs, resolve);
      this.#idle = resolve;
      await over;
      cancel();
    }
    for (const delivery of this.#open) this.#fail(delivery, 'the gateway stopped before it was sent');
  }

  #ready(delivery: Delivery): void {
    const lane = this.#laneOf(delivery.channel);
    delivery.cancel = undefined;
    lane.ready.push(delivery);
    if (!lane.isBusy) void this.#run(lane);
  }

  #laneOf(channel: string): Lane {
    let lane = this.#lanes.get(channel);
    if (!lane) {
      lane = { ready: [], isBusy: false };
      this.#lanes.set(channel, lane);
    }
    return lane;
  }

  async #run(lane: Lane): Promise<void> {
    const delivery = lane.ready.shift();
    if (!delivery) return;
    lane.isBusy = true;
    const channel = this.#deps.channels().get(delivery.channel);
    if (channel) await this.#send(delivery, channel);
    else this.#fail(delivery, 'there is no channel of this name any more');
    const gap = channel && !this.#isClosed ? GAP_MS[channel.type] : 0;
    if (gap > 0) this.#deps.scheduler.after(gap, () => this.#free(lane, delivery.channel));
    else this.#free(lane, delivery.channel);
  }

  #free(lane: Lane, channel: string): void {
    lane.isBusy = false;
    if (lane.ready.length > 0) void this.#run(lane);
    else if (this.#lanes.get(channel) === lane) this.#lanes.delete(channel);
  }

  async #send(delivery: Delivery, channel: ChannelSettings): Promise<void> {
    delivery.attempts += 1;
    const verdict = await this.#deps.send(channel, delivery.notice);
    if (!this.#open.has(delivery)) return;
    if (verdict.kind === 'sent') return this.#end(delivery, 'sent');
    if (verdict.kind === 'refused') return this.#fail(delivery, verdict.reason);
    const pause = pauseMs(delivery.attempts, this.#deps.random(), verdict.retryAfterMs);
    const isLate = this.#deps.clock.monotonic() + pause - delivery.startedAt > GIVE_UP_MS;
    if (isLate || this.#isClosed) return this.#fail(delivery, verdict.reason);
    delivery.cancel = this.#deps.scheduler.after(pause, () => this.#ready(delivery));
  }

  #fail(delivery: Delivery, error: string): void {
    this.#end(delivery, 'failed', error);
  }

  #end(delivery: Delivery, outcome: Outcome, error?: string): void {
    const { notice, channel, attempts, cancel } = delivery;
    cancel?.();
    if (!this.#open.delete(delivery)) return;
    this.#deps.ended({ notice, channel, outcome, attempts, error });
    if (this.#open.size === 0) this.#idle?.();
  }
}

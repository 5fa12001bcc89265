import type { Cancellation } from '../../../../core/cancellation.ts';
import type { Clock } from '../../../../core/clock.ts';
import { type JsonObject, isJsonObject, parseJson } from '../../../../core/json.ts';
import type { Scheduler } from '../../../../core/scheduler.ts';
import type { Transport, UpstreamExchange } from '../../../../models/transport/transport.ts';
import { JudgeFailed } from '../../engine/judge.ts';

/** What services are asked with. */
export interface ServiceDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly transport: Transport;
  readonly scheduler: Scheduler;
}

export interface ServicePost {
  /** The operator's name of the service, for messages. */
  readonly service: string;
  readonly url: URL;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** Milliseconds until it is given up. */
  readonly allowedMs: number;
  /** Of the call that waits for it. */
  readonly cancellation: Cancellation;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly json: JsonObject;
}

/** A service says more only where a text is nothing but what it looks for. */
const MOST_BYTES = 512 * 1024;

/** @throws JudgeFailed where there is no answer in time, or one that is no JSON object */
export function postJson(
  { transport, scheduler }: Pick<ServiceDeps, 'transport' | 'scheduler'>,
  post: ServicePost,
): Promise<ServiceAnswer> {
  const { service, url, headers, body, allowedMs, cancellation } = post;
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    let status = 0;
    let isOver = false;
    let exchange: UpstreamExchange | undefined;
    let forget: (() => void) | undefined;
    const end = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      forget?.();
      untimed();
      exchange?.abort();
      settle();
    };
    const fail = (what: string): void => end(() => reject(new JudgeFailed(`${service} ${what}`)));
    const untimed = scheduler.after(allowedMs, () => fail(`did not answer within ${Math.round(allowedMs)} ms`));
    forget = cancellation.onCancel(() => fail('was asked for a call that has ended'));
    // oxlint-disable-next-line typescript/no-unnecessary-condition -- a call that has ended says so at once
    if (isOver) return;
    const request = {
      method: 'POST',
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      headers,
      body: Buffer.from(body),
      timeouts: { connect: allowedMs, headers: allowedMs, idle: allowedMs },
    } as const;
    exchange = transport.send(request, {
      head(code) {
        status = code;
      },
      data(chunk) {
        bytes += chunk.length;
        if (bytes > MOST_BYTES) fail(`answered with more than ${MOST_BYTES / 1024} KB`);
        else pieces.push(chunk);
      },
      end() {
        const json = parseJson(Buffer.concat(pieces).toString('utf8'));
        if (isJsonObject(json)) end(() => resolve({ status, json }));
        else fail(`answered ${status}, and not with JSON`);
      },
      fail: ({ kind }) => fail(FAILURES[kind]),
    });
    // oxlint-disable-next-line typescript/no-unnecessary-condition -- it may have failed while it was being sent
    if (isOver) exchange.abort();
  });
}

const FAILURES = {
  connect: 'could not be reached',
  timeout: 'did not answer in time',
  broken: 'broke the connection off',
} as const;

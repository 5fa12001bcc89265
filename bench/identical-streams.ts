import { once } from 'node:events';
import { Agent, type IncomingMessage, type Server, createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { assertRightAnswer, requestBody, streamFrames } from './traffic.ts';

/** What became of many clients that asked the same at the same time. */
export interface IdenticalStreams {
  readonly clients: number;
  /** Who read the whole text, and its proper end. */
  readonly whole: number;
  /** Requests that came to the model. */
  readonly upstreamCalls: number;
  /** Milliseconds from the first request to the last end. */
  readonly tookMs: number;
}

/** A model that speaks slowly, and counts who asks it. */
export class SlowModel {
  readonly #server: Server;
  #asked = 0;

  /** @param paceMs between two events */
  constructor(paceMs: number) {
    const frames = streamFrames(false);
    this.#server = createServer((asked, answer) => {
      this.#asked += 1;
      asked.resume();
      answer.writeHead(200, { 'content-type': 'text/event-stream' });
      void (async () => {
        for (const frame of frames) {
          answer.write(frame);
          await pause(paceMs);
        }
        answer.end();
      })();
    });
  }

  get asked(): number {
    return this.#asked;
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** So many clients ask a gateway the same, each on a connection of its own. */
export async function askTogether(
  {
    url,
    headers,
    model,
  }: { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly model: string },
  clients: number,
  slow: SlowModel,
): Promise<IdenticalStreams> {
  const agent = new Agent({ keepAlive: false, maxSockets: clients });
  const body = requestBody(model, true);
  const before = slow.asked;
  const begun = performance.now();
  const answers = await Promise.all(
    Array.from({ length: clients }, () => read(url, { ...headers, 'content-type': 'application/json' }, body, agent)),
  );
  const whole = answers.filter((answer) => answer !== undefined && isRight(answer)).length;
  agent.destroy();
  return { clients, whole, upstreamCalls: slow.asked - before, tookMs: performance.now() - begun };
}

function isRight(body: string): boolean {
  try {
    assertRightAnswer(body, true, true);
    return true;
  } catch {
    return false;
  }
}

/** Undefined where there was no answer. */
async function read(
  url: string,
  headers: Record<string, string>,
  body: string,
  agent: Agent,
): Promise<string | undefined> {
  try {
    const sent = httpRequest(url, { method: 'POST', agent, headers }).end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = await answer.toArray();
    return answer.statusCode === 200 ? Buffer.concat(chunks).toString() : undefined;
  } catch {
    return undefined;
  }
}

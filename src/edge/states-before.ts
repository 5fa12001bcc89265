import type { FastifyInstance, FastifyRequest } from 'fastify';

/** What says who asks. */
const IDENTIFYING = ['authorization', 'cookie', 'host', 'x-forwarded-for', 'x-forwarded-proto'];

/** How things were before they are changed: what is shown under the same address, or under the one without the verb. */
export class StatesBefore {
  readonly #app: FastifyInstance;
  readonly #shown = new Set<string>();
  readonly #states = new WeakMap<FastifyRequest, string>();

  constructor(app: FastifyInstance) {
    this.#app = app;
  }

  /** A route that there is. */
  add(methods: string | readonly string[], url: string): void {
    if ([methods].flat().includes('GET')) this.#shown.add(url);
  }

  /** Asks as whoever asks for the change, who sees nothing that they may not. Never rejects. */
  async take(request: FastifyRequest): Promise<void> {
    const url = this.#urlOf(request);
    if (url === undefined) return;
    const sent = IDENTIFYING.flatMap((name) => {
      const value = request.headers[name];
      return value === undefined ? [] : [[name, value]];
    });
    const asking = {
      method: 'GET' as const,
      url,
      headers: Object.fromEntries(sent) as Record<string, string>,
      remoteAddress: request.raw.socket.remoteAddress ?? '',
    };
    try {
      const { statusCode, payload } = await this.#app.inject(asking);
      if (statusCode === 200) this.#states.set(request, payload);
    } catch {
      // While the process ends nothing is asked any more; the change is noted all the same.
    }
  }

  of(request: FastifyRequest): string | undefined {
    return this.#states.get(request);
  }

  /** A list is no state of one thing of it. */
  #urlOf({ method, url, routeOptions }: FastifyRequest): string | undefined {
    const route = routeOptions.url ?? '';
    const [path = ''] = url.split('?');
    if (method !== 'POST') return this.#shown.has(route) ? path : undefined;
    return route.includes('/:') && this.#shown.has(parentOf(route)) ? parentOf(path) : undefined;
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

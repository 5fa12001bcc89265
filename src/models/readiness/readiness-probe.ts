import type { Scheduler } from '../../core/scheduler.ts';
import { type ProbedServer, type Readiness, ServerProbe } from './server-probe.ts';

export interface ReadinessChange extends Readiness {
  readonly provider: string;
  readonly model: string;
}

export interface ReadinessDeps {
  readonly scheduler: Scheduler;
  /** 0 to below 1. */
  readonly random: () => number;
  /** Once for each change of a model's readiness, or of the reason why it is not ready. */
  readonly onChange: (change: ReadinessChange) => void;
}

interface Watched {
  readonly probe: ServerProbe;
  /** The same for the same server: what is known of it is kept over a reload. */
  readonly identity: string;
}

/** Which models of one's own servers are loaded and warm. It asks beside the request path, which reads a map. */
export class ReadinessProbe {
  readonly #deps: ReadinessDeps;
  #watched = new Map<string, Watched>();

  constructor(deps: ReadinessDeps) {
    this.#deps = deps;
  }

  /** From now on these servers and no others. Call it with each new configuration, whose transports are new. */
  watch(servers: readonly ProbedServer[]): void {
    const before = this.#watched;
    this.close();
    this.#watched = new Map(servers.map((server) => [server.provider, this.#open(server, before)]));
    for (const { probe } of this.#watched.values()) probe.start();
  }

  /** `unknown`: nobody asked for it to be found out, so the model counts as ready. */
  isReady(provider: string, model: string): boolean | 'unknown' {
    const watched = this.#watched.get(provider);
    if (!watched) return 'unknown';
    const readiness = watched.probe.of(model);
    if (readiness) return readiness.ready;
    return watched.probe.isUp ? 'unknown' : false;
  }

  /** All that is known, for people. */
  states(): ReadinessChange[] {
    return [...this.#watched].flatMap(([provider, { probe }]) =>
      [...probe.entries()].map(([model, readiness]) => ({ provider, model, ...readiness })),
    );
  }

  close(): void {
    for (const { probe } of this.#watched.values()) probe.close();
    this.#watched = new Map();
  }

  #open(server: ProbedServer, before: ReadonlyMap<string, Watched>): Watched {
    const { provider } = server;
    const { scheduler, random, onChange } = this.#deps;
    const { origin, path, headers } = server.plan.check;
    const identity = JSON.stringify([origin, path, headers]);
    const last = before.get(provider);
    const probe = new ServerProbe(
      server,
      { scheduler, random, onChange: (model, readiness) => onChange({ provider, model, ...readiness }) },
      last?.identity === identity ? last.probe : undefined,
    );
    return { probe, identity };
  }
}

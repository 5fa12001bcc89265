import type { Logger } from 'pino';

import { systemScheduler } from './core/scheduler.ts';
import type { LiveCatalog } from './live-catalog.ts';
import { EmbedLink } from './models/vectors/embed/embed-link.ts';
import type { OpenedParts } from './opened-parts.ts';

interface Parts {
  readonly live: LiveCatalog;
  readonly log: Logger;
}

/** The thread that makes vectors of texts, for all who compare some. It is started with the first question. */
export interface Vectors {
  readonly link: EmbedLink;
  /** Calls back whenever the thread has ended, and all that it held with it. */
  onLost(lost: () => void): void;
}

export function openVectors({ live, log }: Parts, opened: OpenedParts): Vectors {
  const watchers: (() => void)[] = [];
  const link = new EmbedLink({
    folder: live.config.cache.encoder,
    scheduler: systemScheduler,
    said: (level, text) => log[level](text),
    lost() {
      for (const lost of watchers) lost();
    },
  });
  opened.keep(link, (one) => one.close());
  return { link, onLost: (lost) => void watchers.push(lost) };
}

import type { Logger } from 'pino';

import type { Access } from './app-access.ts';
import type { OpenedConfig } from './app-config.ts';
import type { Storage } from './app-storage.ts';
import type { Environment } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import { systemScheduler } from './core/scheduler.ts';
import { startSweep } from './core/sweep.ts';
import { visitorsBehind } from './edge/visitor.ts';
import type { LiveCatalog } from './live-catalog.ts';
import type { OpenedParts } from './opened-parts.ts';
import { AuditDesk } from './operators/audit/audit-desk.ts';
import { AuditStore } from './operators/audit/audit-store.ts';
import { oldEntries } from './operators/audit/old-entries.ts';
import { fileChanges } from './operators/audit/file-changes.ts';
import { auditRoutes } from './operators/audit/routes.ts';
import { Door } from './operators/door/door.ts';
import { keyChanges } from './operators/identity/key-changes.ts';
import { Keyring } from './operators/identity/keyring.ts';
import { OperatorDirectory } from './operators/identity/operator-directory.ts';
import { OperatorKeyStore } from './operators/identity/operator-key-store.ts';
import { operatorRoutes } from './operators/identity/routes.ts';
import { warnOfShortKey } from './operators/identity/short-key.ts';
import { oldSessions } from './operators/sessions/old-sessions.ts';
import { sessionRoutes } from './operators/sessions/routes.ts';
import { SessionStore } from './operators/sessions/session-store.ts';
import { Sessions } from './operators/sessions/sessions.ts';
import {
  type AttemptBounds,
  Attempts,
  REFUSAL_BOUNDS,
  REQUEST_BOUNDS,
  SIGN_IN_BOUNDS,
} from './operators/sign-in/attempts.ts';
import { signInRoutes } from './operators/sign-in/routes.ts';
import { SignInDesk } from './operators/sign-in/sign-in-desk.ts';
import { START, signOnRoutes } from './operators/sso/routes.ts';
import { SignOn } from './operators/sso/sign-on.ts';
import { looksLikeApiKey } from './pipeline/access/api-key.ts';
import type { Events } from './records/events/event.ts';

interface OperatorParts {
  readonly storage: Storage;
  readonly access: Access;
  readonly env: Environment;
  readonly config: Pick<OpenedConfig, 'path' | 'isSaving'>;
  readonly live: LiveCatalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: Events;
}

export type Operators = Awaited<ReturnType<typeof openOperators>>;

/** Who may operate the gateway, and who changed what. @throws storage_unavailable */
export async function openOperators(parts: OperatorParts, opened: OpenedParts) {
  const { storage, access, env, live, clock, log } = parts;
  const { database } = storage;
  const keys = new OperatorKeyStore(database.orm, clock);
  const watchers = new Set<() => void>();
  const changed = (): void => watchers.forEach((watcher) => watcher());
  const directory = new OperatorDirectory({ store: keys, clock, revisions: storage, replaced: changed });
  await directory.start();
  const signOn = new SignOn({ settings: () => live.config.console.oidc, clock, log });
  const keyring = new Keyring({ adminKey: access.adminKey, directory, signOnFingerprint: () => signOn.fingerprint });
  const store = new SessionStore(database);
  const sessions = new Sessions({ store, keyring, clock, ttlMs: () => live.config.console.sessionTtl, ended: changed });
  const { audit, routes } = openAudit(parts, opened);
  startSweeps(parts, store, opened);
  noteReloads(parts, audit);
  const attempts = attemptsOf(parts, SIGN_IN_BOUNDS);
  const desk = new SignInDesk({ keyring, sessions, attempts, audit });
  const visitorOf = visitorsBehind(live.config.server.trustedProxies);
  const now = (): number => clock.now();
  const isClientKey = looksLikeApiKey;
  warnOfShortKey(env['CAUSEWAY_ADMIN_KEY'], log);
  const adminKeyIn = env['CAUSEWAY_ADMIN_KEY'] ? ('environment' as const) : ('first_start' as const);
  return {
    door: new Door({ keyring, sessions, attempts: attemptsOf(parts, REQUEST_BOUNDS), audit, isClientKey }),
    /** Calls back when keys or sessions of operators have ended, as far as this process knows. */
    watch: (watcher: () => void): void => void watchers.add(watcher),
    publicRoutes: [
      signInRoutes({ desk, visitorOf, adminKeyIn, signOn: () => buttonOf(signOn) }),
      signOnRoutes({ signOn, desk, attempts, visitorOf, log }),
    ],
    adminRoutes: [
      operatorRoutes({ store: keys, ...keyChanges({ directory, sessions, log }), now }),
      sessionRoutes({ sessions, store, desk, visitorOf, signOutUrl: (visitor) => signOn.endUrl(visitor), now }),
      routes,
    ],
  };
}

function buttonOf({ settings }: SignOn) {
  return settings && { name: settings.name, startUrl: START };
}

function openAudit(parts: OperatorParts, opened: OpenedParts) {
  const { storage, live, clock, log, events } = parts;
  const store = new AuditStore(storage.database);
  const old = oldEntries(store, clock, () => live.config.console.auditRetention);
  opened.keep(startSweep(old, { scheduler: systemScheduler, log }), (sweep) => sweep.close());
  const refusals = new Attempts({ clock, bounds: REFUSAL_BOUNDS, told: () => undefined });
  return { audit: new AuditDesk({ store, clock, events, log, refusals }), routes: auditRoutes({ store }) };
}

/** What the file said before is what the process started with. */
function noteReloads({ live, config }: OperatorParts, audit: AuditDesk): void {
  const changed = fileChanges({ audit, path: config.path, isSaving: config.isSaving });
  let inForce = live.config;
  live.watch(() => {
    if (live.config !== inForce) changed();
    inForce = live.config;
  });
}

function startSweeps({ clock, log }: OperatorParts, store: SessionStore, opened: OpenedParts): void {
  const sweep = startSweep(oldSessions(store, clock), { scheduler: systemScheduler, log });
  opened.keep(sweep, (one) => one.close());
}

function attemptsOf({ clock, events }: OperatorParts, bounds: AttemptBounds): Attempts {
  return new Attempts({
    clock,
    bounds,
    told: (address, inRow) =>
      events.raise({
        kind: 'sign_in_failed',
        severity: 'warning',
        subject: `address:${address}`,
        evidence: { address, in_a_row: inRow },
      }),
  });
}

import type { Sessions } from '../sessions/sessions.ts';
import type { OperatorDirectory } from './operator-directory.ts';
import type { OperatorRouteDeps } from './routes.ts';

export interface KeyChangesDeps {
  readonly directory: Pick<OperatorDirectory, 'refresh' | 'forget'>;
  readonly sessions: Pick<Sessions, 'endOf'>;
  readonly log: { warn(facts: object, message: string): void };
}

/**
 * What follows when a key was made or revoked. That stands in the database by then, so that nothing that fails
 * here keeps it from being said to whoever did it, and from being written down.
 */
export function keyChanges({ directory, sessions, log }: KeyChangesDeps): Pick<OperatorRouteDeps, 'made' | 'revoked'> {
  const made = (): Promise<void> =>
    directory.refresh().catch((err: unknown) => log.warn({ err }, 'a change of operators is not seen here yet'));
  return {
    made,
    async revoked(id) {
      directory.forget(id);
      await made();
      await sessions
        .endOf(id)
        .catch((err: unknown) => log.warn({ err }, 'sessions of a revoked key stay in the list; they open nothing'));
    },
  };
}

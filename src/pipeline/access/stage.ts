import { type Call, type Principal, header } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Stage } from '../../core/stage.ts';
import type { KeyDirectory } from './key-directory.ts';

const BEARER = /^Bearer +/i;
/** As nearly everybody writes it. */
const USUAL = 'Bearer ';

/** Who is calling. Every request of the model API passes here. */
export function authenticateStage(directory: Pick<KeyDirectory, 'find'>): Stage {
  return {
    name: 'authenticate',
    run(call, next) {
      try {
        call.principal = identify(call, directory);
      } catch (thrown) {
        return Promise.reject(thrown);
      }
      return next(call);
    },
  };
}

/**
 * The holder of the request's key. `x-causeway-api-key` wins, so that the dialect's own header may carry
 * a credential of the provider.
 * @throws auth_missing_key, auth_invalid_key
 */
export function identify(call: Pick<Call, 'headers'>, directory: Pick<KeyDirectory, 'find'>): Principal {
  const key =
    header(call, 'x-causeway-api-key') ??
    bearer(call) ??
    header(call, 'x-api-key') ??
    // Gemini's clients; the edge puts a key of the query here too.
    header(call, 'x-goog-api-key');
  if (key === undefined || key === '') throw new GatewayError('auth_missing_key');
  const principal = directory.find(key);
  if (!principal) throw new GatewayError('auth_invalid_key');
  return principal;
}

function bearer(call: Pick<Call, 'headers'>): string | undefined {
  const value = header(call, 'authorization');
  if (value === undefined) return undefined;
  if (value.startsWith(USUAL)) return value.slice(USUAL.length).trim();
  return BEARER.test(value) ? value.replace(BEARER, '').trim() : undefined;
}

/** Whether the key allows this request model, by its name or by a prefix with `*`. */
export function mayUseModel(principal: Principal, model: string): boolean {
  const { models } = principal;
  if (!models) return true;
  return models.some((name) => (name.endsWith('*') ? model.startsWith(name.slice(0, -1)) : model === name));
}

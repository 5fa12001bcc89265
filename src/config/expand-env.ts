import type { Environment } from './config.ts';

/** What became of a text: its value, or why there is none. */
export type Expansion =
  | { readonly text: string; readonly expanded: boolean }
  | { readonly unset: readonly string[]; readonly malformed: readonly string[] };

const TOKEN = /\$\$\{|\$\{(?:([A-Za-z_]\w*)(?::-([^}]*))?\}|[^}]*\}?)/g;

/**
 * Replaces `${NAME}` by the variable and `${NAME:-text}` by the text where the variable is unset or empty;
 * `$${` stands for the two characters `${`. What a variable contains is not expanded again.
 */
export function expandEnv(text: string, env: Environment): Expansion {
  if (!text.includes('${')) return { text, expanded: false };
  const unset: string[] = [];
  const malformed: string[] = [];
  const result = text.replaceAll(TOKEN, (token: string, name: string | undefined, fallback: string | undefined) => {
    if (token === '$${') return '${';
    if (name === undefined) {
      malformed.push(token);
      return '';
    }
    const value = variable(env, name);
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
    if (value === undefined) unset.push(name);
    return value ?? '';
  });
  return unset.length + malformed.length > 0 ? { unset, malformed } : { text: result, expanded: true };
}

/** A variable's value; never a property that every object has. */
function variable(env: Environment, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

/** A variable that is set to nothing counts as unset here, since shells and container files cannot say otherwise. */
export function setVariable(env: Environment, name: string): string | undefined {
  const value = variable(env, name);
  return value === '' ? undefined : value;
}

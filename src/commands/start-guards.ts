import type { Config } from '../config/config.ts';

const SHOWN = 4;

/** Which policies of guards look at what, and at what none does. */
export function guardsText({ guards, guardedProjects, models, defaults }: Config): string {
  if (guards.size === 0) return 'none   (guards: in causeway.yaml)';
  const policies = [...guards.keys()].map((policy) => {
    const modelNames = [...models].flatMap(([name, model]) =>
      (model.guards ?? defaults.guards) === policy ? [name] : [],
    );
    const projects = [...guardedProjects].flatMap(([project, one]) => (one === policy ? [project] : []));
    const whose = [...named('model', modelNames), ...named('project', projects)];
    if (defaults.guards === policy) whose.push('what is asked as provider/model');
    return `${policy} (${whose.length === 0 ? 'nothing falls under it' : whose.join('; ')})`;
  });
  const more = policies.length - SHOWN;
  const shown = `${policies.slice(0, SHOWN).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
  if (defaults.guards !== undefined) return shown;
  return `${shown}; models asked as provider/model are unguarded (defaults.guards)`;
}

function named(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > SHOWN ? ', …' : '';
  return [`${what}${names.length === 1 ? '' : 's'} ${names.slice(0, SHOWN).join(', ')}${more}`];
}

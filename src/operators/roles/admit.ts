import type { Admission, AdminRequest } from '../../core/admin-request.ts';
import { GatewayError } from '../../core/errors.ts';
import { type Json, isJsonObject } from '../../core/json.ts';
import { type Operator, requireRole } from '../../core/operator.ts';
import { type Scope, ruleOf } from './rules.ts';

/** What somebody may do with a route. @throws auth_forbidden, request_invalid */
export function admit(operator: Operator, request: AdminRequest): Admission {
  const { role, scope } = ruleOf(request.method, request.route);
  requireRole(operator, role);
  const { projects } = operator;
  if (projects === undefined) return {};
  if (scope === undefined) {
    const message = `This is of all projects; you may see ${projects.join(', ')} alone.`;
    throw new GatewayError('auth_forbidden', { message });
  }
  return HOLDING[scope](projects, request.query);
}

type Holding = (projects: readonly string[], query: AdminRequest['query']) => Admission;

const HOLDING: Readonly<Record<Scope, Holding>> = {
  open: () => ({}),
  asked: (projects, query) => ({ query: { ...query, project: oneProject(query, projects) } }),
  owned: (projects) => ({ shown: (answer) => owned(answer, projects) }),
  // What is asked of a subject is refused with the name of the right one.
  budget: (projects, { subject: _subject, ...query }) => ({
    query,
    shown: (answer) => budgetOf(answer, projects) ?? nothing(),
  }),
  budgets(projects, query) {
    const project = oneProject(query, projects);
    return { query: { ...query, project }, shown: (answer) => budgetsOf(answer, [project]) };
  },
};

/** @throws request_invalid */
function oneProject({ project: asked }: AdminRequest['query'], projects: readonly string[]): string {
  const project = asked ?? (projects.length === 1 ? projects[0] : undefined);
  if (typeof project === 'string' && projects.includes(project)) return project;
  throw new GatewayError('request_invalid', {
    message: `\`project\` (query) must be one of those that you may see: ${projects.join(', ')}.`,
    param: 'project',
  });
}

function owned(answer: unknown, projects: readonly string[]): unknown {
  if (!isJsonObject(answer)) return nothing();
  const { project } = answer;
  return typeof project === 'string' && projects.includes(project) ? answer : nothing();
}

/** What there is of others does not exist for them. */
function nothing(): never {
  throw new GatewayError('resource_not_found');
}

/** A budget of one of the projects, or what they have used of one that each project has for itself. */
function budgetOf(answer: unknown, projects: readonly string[]): unknown {
  if (!isJsonObject(answer) || answer['per'] !== 'project') return undefined;
  const { id, subjects } = answer;
  if (typeof id === 'string') return projects.includes(id) ? answer : undefined;
  if (!Array.isArray(subjects)) return undefined;
  const theirs = new Set<Json | undefined>(projects);
  return { ...answer, subjects: subjects.filter((subject) => isJsonObject(subject) && theirs.has(subject['id'])) };
}

function budgetsOf(answer: unknown, projects: readonly string[]): unknown {
  const data = isJsonObject(answer) && Array.isArray(answer['data']) ? answer['data'] : nothing();
  const theirs = data.flatMap((budget) => budgetOf(budget, projects) ?? []);
  return { ...(answer as object), data: theirs };
}

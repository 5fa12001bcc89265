import type { Role } from '../../core/operator.ts';

/**
 * How a viewer is held to projects there: `asked` by the parameter `project`, `owned` by the `project` of the answer,
 * `budget` and `budgets` by whose budget it is; `open` has nothing of projects in it.
 */
export type Scope = 'asked' | 'owned' | 'budget' | 'budgets' | 'open';

export interface Rule {
  /** The least role that may ask for it. */
  readonly role: Role;
  /** Absent: nothing for those who are held to projects. */
  readonly scope?: Scope;
  /** Changes nothing, though it may not be a GET; it is not written down. */
  readonly asks?: true;
}

const VIEW: Rule = { role: 'viewer', asks: true };
const EDIT: Rule = { role: 'editor' };
const RULE: Rule = { role: 'admin' };
const RULE_VIEW: Rule = { role: 'admin', asks: true };
const SIGNED_IN: Rule = { role: 'viewer', scope: 'open', asks: true };

const viewOf = (scope: Scope): Rule => ({ ...VIEW, scope });

/** Every route of the admin API that is not open to everybody, and who may use it. What is not here is for admins. */
export const RULES: Readonly<Record<string, Rule>> = {
  // Who operates the gateway. Signing out is written down by itself, with who it was.
  'GET /admin/v1/session': SIGNED_IN,
  'DELETE /admin/v1/session': SIGNED_IN,
  'GET /admin/v1/sessions': RULE_VIEW,
  'DELETE /admin/v1/sessions/:id': RULE,
  'GET /admin/v1/operators': RULE_VIEW,
  'POST /admin/v1/operators': RULE,
  'GET /admin/v1/operators/:id': RULE_VIEW,
  'DELETE /admin/v1/operators/:id': RULE,
  'GET /admin/v1/audit': RULE_VIEW,

  // Who calls models, and on whose behalf.
  'GET /admin/v1/keys': viewOf('asked'),
  'POST /admin/v1/keys': EDIT,
  'GET /admin/v1/keys/:id': viewOf('owned'),
  'DELETE /admin/v1/keys/:id': EDIT,
  'GET /admin/v1/provider-keys': RULE_VIEW,
  'POST /admin/v1/provider-keys': RULE,
  'GET /admin/v1/provider-keys/:id': RULE_VIEW,
  'DELETE /admin/v1/provider-keys/:id': RULE,
  'GET /admin/v1/organisations': VIEW,
  'GET /admin/v1/organisations/:name': VIEW,
  'PUT /admin/v1/organisations/:name': RULE,
  'DELETE /admin/v1/organisations/:name': RULE,

  // What happened.
  'GET /admin/v1/traces': viewOf('asked'),
  'GET /admin/v1/traces/:id': viewOf('owned'),
  'GET /admin/v1/traces/export': viewOf('asked'),
  'GET /admin/v1/conversations': viewOf('asked'),
  'GET /admin/v1/conversations/:id': viewOf('asked'),
  'GET /admin/v1/usage': viewOf('asked'),
  'GET /admin/v1/savings': viewOf('asked'),
  'GET /admin/v1/feedback': viewOf('asked'),
  'GET /admin/v1/overview': viewOf('asked'),
  'GET /admin/v1/facets': viewOf('asked'),
  'GET /admin/v1/live': viewOf('open'),
  'GET /admin/v1/events': VIEW,
  'GET /admin/v1/objectives': VIEW,

  // What it costs.
  'GET /admin/v1/prices': VIEW,
  'POST /admin/v1/prices': EDIT,
  'GET /admin/v1/prices/missing': VIEW,
  'POST /admin/v1/prices/compare': VIEW,
  'POST /admin/v1/estimate': VIEW,
  'GET /admin/v1/limits': VIEW,
  'GET /admin/v1/budgets': viewOf('budgets'),
  'GET /admin/v1/budgets/:id': viewOf('budget'),
  'PUT /admin/v1/budgets/:id': EDIT,
  'DELETE /admin/v1/budgets/:id': EDIT,

  // Who serves, and how.
  'GET /admin/v1/status': VIEW,
  'GET /admin/v1/models': VIEW,
  'GET /admin/v1/providers': VIEW,
  'GET /admin/v1/targets': VIEW,
  'POST /admin/v1/targets/reset': EDIT,
  'GET /admin/v1/routes': VIEW,
  'GET /admin/v1/routes/:id': VIEW,
  'PUT /admin/v1/routes/:id': EDIT,
  'DELETE /admin/v1/routes/:id': EDIT,
  'POST /admin/v1/routes/explain': VIEW,
  'POST /admin/v1/routes/preview': VIEW,
  'GET /admin/v1/routing/examples': VIEW,
  'POST /admin/v1/routing/examples': EDIT,
  'DELETE /admin/v1/routing/examples/:model': EDIT,
  'GET /admin/v1/cache': VIEW,
  'POST /admin/v1/cache/purge': EDIT,
  'GET /admin/v1/prompt-cache': VIEW,
  'GET /admin/v1/prompt-cache/:group': VIEW,

  // What is tried.
  'GET /admin/v1/flags': VIEW,
  'GET /admin/v1/flags/:id': VIEW,
  'PUT /admin/v1/flags/:id': EDIT,
  'DELETE /admin/v1/flags/:id': EDIT,
  'GET /admin/v1/experiments': VIEW,
  'GET /admin/v1/experiments/:id': VIEW,
  'PUT /admin/v1/experiments/:id': EDIT,
  'DELETE /admin/v1/experiments/:id': EDIT,
  'POST /admin/v1/experiments/:id/restart': EDIT,
  'GET /admin/v1/canaries': VIEW,
  'GET /admin/v1/canaries/:id': VIEW,
  'PUT /admin/v1/canaries/:id': EDIT,
  'DELETE /admin/v1/canaries/:id': EDIT,
  'POST /admin/v1/canaries/:id/promote': EDIT,
  'POST /admin/v1/canaries/:id/advance': EDIT,
  'POST /admin/v1/canaries/:id/rollback': EDIT,
  'POST /admin/v1/canaries/:id/pause': EDIT,
  'POST /admin/v1/canaries/:id/resume': EDIT,
  'POST /admin/v1/canaries/:id/restart': EDIT,
  'GET /admin/v1/shadows': VIEW,
  'GET /admin/v1/shadows/:id': VIEW,
  'PUT /admin/v1/shadows/:id': EDIT,
  'DELETE /admin/v1/shadows/:id': EDIT,

  // What is refused, and who decides.
  'GET /admin/v1/guards': VIEW,
  'GET /admin/v1/guards/verdicts': viewOf('asked'),
  'POST /admin/v1/guards/try': VIEW,
  'GET /admin/v1/reviews': viewOf('asked'),
  'GET /admin/v1/reviews/:id': viewOf('owned'),
  'POST /admin/v1/reviews/:id/approve': EDIT,
  'POST /admin/v1/reviews/:id/edit': EDIT,
  'POST /admin/v1/reviews/:id/reject': EDIT,
  'GET /admin/v1/blocks': VIEW,
  'GET /admin/v1/blocks/:id': VIEW,
  'POST /admin/v1/blocks': EDIT,
  'DELETE /admin/v1/blocks/:id': EDIT,

  // Who is told.
  'GET /admin/v1/alerts': VIEW,
  'GET /admin/v1/alerts/deliveries': VIEW,
  'POST /admin/v1/alerts/test': EDIT,

  // The configuration, with what it says of everybody.
  'GET /admin/v1/config': RULE_VIEW,
  'PUT /admin/v1/config': RULE,
  // What would change is shown beside what is in force.
  'POST /admin/v1/config/validate': RULE_VIEW,
};

/** Nobody has thought of it, so only those may who may everything. */
const UNTHOUGHT: Rule = RULE;

export function ruleOf(method: string, route: string): Rule {
  return RULES[`${method} ${route}`] ?? UNTHOUGHT;
}

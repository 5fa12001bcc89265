import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { Assignment, Call } from '../../../core/call.ts';
import { GatewayError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { mayActAs, operatorOf } from '../../../core/operator.ts';
import { describedAs } from '../../../records/listing/described.ts';
import type { GuardPolicy, Policies } from '../engine/guard-policy.ts';
import type { PolicyBook } from '../engine/policy-book.ts';
import { policyView } from './policies-view.ts';
import { type TryAsked, TryQuestion, invalid, readTryQuestion } from './question.ts';
import { type TryDeps, tryGuards } from './try-guards.ts';
import { PolicyList, TryView } from './views.ts';

export interface TryRouteDeps extends TryDeps {
  readonly policies: Pick<PolicyBook, 'of' | 'all' | 'projectsOf'>;
  /** The request as a call that is not sent. @throws request_invalid */
  readonly callOf: (endpoint: string, body: JsonObject) => Call;
  /** @throws model_not_found */
  readonly assignmentOf: (model: string) => Assignment;
  /** The virtual models that name a policy. */
  readonly modelsOf: (policy: string) => readonly string[];
  /** Whether what it would have wait for somebody is refused, since nothing can be sealed. */
  readonly isUnsealed: (policy: GuardPolicy) => boolean;
}

const MAX_BODY_BYTES = 2 * 1024 * 1024;

const described = describedAs('guards');

/** `GET /admin/v1/guards` and `POST /admin/v1/guards/try`, for those who run the gateway. */
export function tryRoutes(deps: TryRouteDeps): (app: FastifyInstance) => void {
  const { policies, modelsOf, isUnsealed } = deps;
  return (app) => {
    app.get('/admin/v1/guards', described({ summary: 'Policies of guards in force, by name' }, PolicyList), () => {
      const all = [...policies.all.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const data = all.map((policy) =>
        policyView(policy, {
          models: modelsOf(policy.name),
          projects: policies.projectsOf(policy.name),
          isUnsealed: isUnsealed(policy),
        }),
      );
      return { data, next: null };
    });
    app.post<{ Body: unknown }>(
      '/admin/v1/guards/try',
      {
        ...described(
          { summary: 'What guards would make of a text; nothing is sent or recorded', body: TryQuestion },
          TryView,
        ),
        bodyLimit: MAX_BODY_BYTES,
      },
      async (request) => {
        const asked = readTryQuestion(request.body);
        if (asked.asksJudges) requireEditor(request);
        const call = deps.callOf(asked.endpoint, asked.body);
        return tryGuards(deps, call, policiesFor(deps, call, asked), asked);
      },
    );
  };
}

/** Asking somebody costs money. @throws auth_forbidden */
function requireEditor(request: FastifyRequest): void {
  if (mayActAs(operatorOf(request).role, 'editor')) return;
  throw new GatewayError('auth_forbidden', {
    message: 'Judges cost money, so that only an editor or an admin may have them asked. Try it without `judges`.',
    param: 'judges',
  });
}

/** @throws request_invalid, model_not_found, guard_failed */
function policiesFor({ policies, assignmentOf }: TryRouteDeps, call: Call, asked: TryAsked): Policies {
  const { policy, model, project } = asked;
  if (project !== undefined) call.principal = { keyId: '', project, user: undefined, models: undefined };
  if (model !== undefined) call.assignment = assignmentOf(model);
  if (policy === undefined && (model !== undefined || project !== undefined)) {
    const found = policies.of(call);
    if (found) return found;
    const which = model === undefined ? `The project "${project}"` : `The model "${model}"`;
    throw invalid(`${which} falls under no policy of guards.`, model === undefined ? 'project' : 'model');
  }
  const names = [...policies.all.keys()];
  const name = policy ?? (names.length === 1 ? names[0] : 'default');
  const named = name === undefined ? undefined : policies.all.get(name);
  if (named) return [named];
  if (names.length === 0) throw invalid('There are no policies. Write one under `guards` of causeway.yaml.');
  const what = policy === undefined ? 'Name a policy' : `There is no policy "${policy.slice(0, 100)}"`;
  throw invalid(`${what}. There are ${names.join(', ')}.`, 'policy');
}

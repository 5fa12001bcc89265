import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';

import type { Clock } from '../../../core/clock.ts';
import { GatewayError } from '../../../core/errors.ts';
import { describedAs } from '../../../records/listing/described.ts';
import { pageOf } from '../../../records/listing/page.ts';
import {
  type Query,
  invalid,
  readLimit,
  readText,
  readTextCursor,
  refuseUnknown,
  textCursor,
} from '../../../records/listing/query.ts';
import { BudgetSettings } from '../settings.ts';
import type { Budget } from './budget.ts';
import type { BudgetDirectory } from './budget-directory.ts';
import type { BudgetStore } from './budget-store.ts';
import { BudgetView, budgetView } from './budget-view.ts';
import { readBudget } from './read-budget.ts';
import { type UsageDeps, topSubjects, usageOf } from './usage.ts';

export interface BudgetRouteDeps extends UsageDeps {
  readonly directory: Pick<BudgetDirectory, 'current' | 'find'>;
  /** Brings what was changed here into force. */
  budgetsChanged(): Promise<void>;
  readonly store: Pick<BudgetStore, 'put' | 'delete'>;
  readonly clock: Clock;
  /** Names of the virtual models in force. */
  readonly models: () => readonly string[];
}

/** A page has several budgets, one that is asked for by name shows more of its subjects. */
const SUBJECTS_OF_EACH = 10;
const SUBJECTS_OF_ONE = 100;
/** All are held in memory, and looked at when they change. */
const MOST_BUDGETS = 10_000;

const asked = (description: string) => Type.Optional(Type.String({ description }));
const ByName = Type.Object({ id: Type.String({ description: "The budget's name" }) });
const LISTING = Type.Object({
  project: asked('Only budgets of projects that this one has to keep to'),
  limit: asked('1 to 500, 50 where absent'),
  cursor: asked('`next` of the page before'),
});
const OF_ONE = Type.Object({
  subject: asked('Only this one of its subjects: a project, a key, project/user, …; one that has spent nothing, too'),
});
const Page = Type.Object({ data: Type.Array(BudgetView), next: Type.Union([Type.String(), Type.Null()]) });
const Gone = Type.Object({ id: Type.String(), deleted: Type.Literal(true) });

const described = describedAs('budgets');

/** `/admin/v1/budgets`, for operators. */
export function budgetRoutes(deps: BudgetRouteDeps): (app: FastifyInstance) => void {
  return (app) => {
    listRoute(app, deps);
    oneRoute(app, deps);
    putRoute(app, deps);
    deleteRoute(app, deps);
  };
}

function listRoute(app: FastifyInstance, deps: BudgetRouteDeps): void {
  app.get<{ Querystring: Query }>(
    '/admin/v1/budgets',
    described({ summary: 'Budgets in force, by name, and how they stand', querystring: LISTING }, Page),
    async ({ query }) => {
      refuseUnknown(query, Object.keys(LISTING.properties));
      const limit = readLimit(query);
      const after = readTextCursor(query);
      const project = readText(query, 'project');
      const ofIt = deps.directory.current().filter((budget) => project === undefined || isOf(budget, project));
      const beyond = ofIt.filter(({ id }) => after === undefined || id > after);
      const sorted = beyond.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const { page, next } = pageOf(sorted, limit, ({ id }) => textCursor(id));
      const data: BudgetView[] = [];
      for (const budget of page) {
        data.push(await shown(deps, budget, budget.subject === undefined ? project : undefined, SUBJECTS_OF_EACH));
      }
      return { data, next };
    },
  );
}

function isOf({ per, subject }: Budget, project: string): boolean {
  return per === 'project' && (subject === undefined || subject === project);
}

function oneRoute(app: FastifyInstance, deps: BudgetRouteDeps): void {
  app.get<{ Params: { id: string }; Querystring: Query }>(
    '/admin/v1/budgets/:id',
    described({ summary: 'One budget, and how it stands', params: ByName, querystring: OF_ONE }, BudgetView),
    async ({ params: { id }, query }) => {
      refuseUnknown(query, Object.keys(OF_ONE.properties));
      const budget = deps.directory.find(id);
      if (!budget) throw notFound(id);
      return shown(deps, budget, readText(query, 'subject'), SUBJECTS_OF_ONE);
    },
  );
}

function putRoute(app: FastifyInstance, deps: BudgetRouteDeps): void {
  app.put<{ Params: { id: string }; Body: unknown }>(
    '/admin/v1/budgets/:id',
    described(
      {
        summary: 'Make a budget, or replace it; with another amount, what was spent of it stays',
        params: ByName,
        body: BudgetSettings,
      },
      BudgetView,
    ),
    async ({ params: { id }, body }) => {
      const { directory, store, models } = deps;
      refuseOfFile(directory.find(id), 'Change');
      const budget = readBudget(id, body, models());
      if (!directory.find(id) && directory.current().length >= MOST_BUDGETS) {
        throw new GatewayError('request_invalid', {
          message: `There are ${MOST_BUDGETS} budgets, and no more can be.`,
        });
      }
      await store.put(budget);
      await deps.budgetsChanged();
      return shown(deps, budget, undefined, SUBJECTS_OF_ONE);
    },
  );
}

function deleteRoute(app: FastifyInstance, deps: BudgetRouteDeps): void {
  app.delete<{ Params: { id: string } }>(
    '/admin/v1/budgets/:id',
    described({ summary: 'Delete a budget', params: ByName }, Gone),
    async ({ params: { id } }) => {
      refuseOfFile(deps.directory.find(id), 'Remove');
      if (!(await deps.store.delete(id))) throw notFound(id);
      await deps.budgetsChanged();
      return { id, deleted: true as const };
    },
  );
}

/** @throws counters_unavailable, storage_unavailable */
async function shown(
  deps: BudgetRouteDeps,
  budget: Budget,
  subject: string | undefined,
  most: number,
): Promise<BudgetView> {
  const now = deps.clock.now();
  if (subject !== undefined && budget.subject !== undefined && subject !== budget.subject) {
    throw invalid('subject', `must be "${budget.subject}", the only one that this budget is for`);
  }
  const only = budget.subject ?? subject;
  const subjects = only === undefined ? await topSubjects(deps, budget, now, most) : [only];
  return budgetView(budget, await usageOf(deps, budget, subjects, now), now);
}

function refuseOfFile(budget: Budget | undefined, verb: string): void {
  if (budget?.origin !== 'file') return;
  const message = `The budget "${budget.id}" stands in the configuration file. ${verb} it there; the file is read again at once.`;
  throw new GatewayError('request_invalid', { message, param: 'id' });
}

function notFound(id: string): GatewayError {
  const message = `There is no budget "${id}". GET /admin/v1/budgets lists those there are.`;
  return new GatewayError('resource_not_found', { message });
}

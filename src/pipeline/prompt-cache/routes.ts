import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';

import { GatewayError } from '../../core/errors.ts';
import { describedAs } from '../../records/listing/described.ts';
import { pageOf } from '../../records/listing/page.ts';
import {
  type Query,
  invalid,
  readLimit,
  readText,
  readTextCursor,
  refuseUnknown,
  textCursor,
} from '../../records/listing/query.ts';
import type { BreakpointGuard } from './breakpoint-guard.ts';
import type { PromptCacheDoctor } from './doctor/doctor.ts';
import { STATES } from './doctor/health.ts';
import { GroupDetail, GroupList, type GroupView, type ViewDeps, groupDetail, groupView } from './doctor/view.ts';

export interface PromptCacheRouteDeps extends Pick<ViewDeps, 'clock' | 'policyOf'> {
  readonly doctor: Pick<PromptCacheDoctor, 'groups'>;
  readonly guard: Pick<BreakpointGuard, 'isPlacing'>;
}

const asked = (description: string) => Type.Optional(Type.String({ description }));
const LISTING = Type.Object({
  project: asked('Of this project'),
  model: asked('As clients ask for it'),
  endpoint: asked('E.g. /v1/chat/completions'),
  state: asked(STATES.join(', ')),
  limit: asked('1 to 500, 50 where absent'),
  cursor: asked('`next` of the page before'),
});
const ById = Type.Object({ group: Type.String() });

const described = describedAs('records');

/** `/admin/v1/prompt-cache`, for whoever holds the admin key. */
export function promptCacheRoutes({ doctor, guard, ...rest }: PromptCacheRouteDeps): (app: FastifyInstance) => void {
  const view: ViewDeps = {
    ...rest,
    isPlacing: ({ project = '', model, target }) => guard.isPlacing({ project, requestModel: model, target }),
  };
  return (app) => {
    app.get<{ Querystring: Query }>(
      '/admin/v1/prompt-cache',
      described(
        {
          summary: "How providers' prompt caches are used, as this process saw it; what lost most first",
          querystring: LISTING,
        },
        GroupList,
      ),
      ({ query }) => {
        refuseUnknown(query, Object.keys(LISTING.properties));
        const after = readPlace(query);
        const limit = readLimit(query);
        const isAsked = filterOf(query);
        const rows = [...doctor.groups].map((group) => groupView(group, view)).filter(isAsked);
        const found = rows.toSorted(byLoss).filter((row) => !after || byLoss(after, row) < 0);
        const { page, next } = pageOf(found, limit, cursorOf);
        return { data: page, next };
      },
    );
    app.get<{ Params: Static<typeof ById> }>(
      '/admin/v1/prompt-cache/:group',
      described(
        { summary: 'One of them, with what was found and why prompts were not in the cache', params: ById },
        GroupDetail,
      ),
      ({ params: { group: id } }) => {
        for (const group of doctor.groups) if (group.id === id) return groupDetail(group, view);
        throw new GatewayError('resource_not_found', {
          message: `There is no group "${id}". GET /admin/v1/prompt-cache lists those that this process knows.`,
        });
      },
    );
  };
}

/** @throws request_invalid */
function filterOf(query: Query): (row: GroupView) => boolean {
  const [project, model, endpoint] = [
    readText(query, 'project'),
    readText(query, 'model'),
    readText(query, 'endpoint'),
  ];
  const state = readText(query, 'state');
  if (state !== undefined && !STATES.some((known) => known === state))
    throw invalid('state', `must be one of ${STATES.join(', ')}`);
  return (row) =>
    fits(project, row.project) && fits(model, row.model) && fits(endpoint, row.endpoint) && fits(state, row.state);
}

function fits(wanted: string | undefined, is: string | null): boolean {
  return wanted === undefined || wanted === is;
}

/** Where a row stands. Figures move, so a row may be missed or seen twice where it moved between two pages. */
type Place = Pick<GroupView, 'lost_tokens_24h' | 'id'>;

function byLoss(a: Place, b: Place): number {
  return b.lost_tokens_24h - a.lost_tokens_24h || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function cursorOf({ lost_tokens_24h: lost, id }: GroupView): string {
  return textCursor(`${lost}.${id}`);
}

function readPlace(query: Query): Place | undefined {
  const text = readTextCursor(query);
  if (text === undefined) return undefined;
  const [, lost, id] = /^(\d{1,15})\.([\da-f]{16})$/.exec(text) ?? [];
  if (id === undefined) throw invalid('cursor', 'must be the `next` of an earlier page');
  return { lost_tokens_24h: Number(lost), id };
}

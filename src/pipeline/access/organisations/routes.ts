import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';

import { GatewayError } from '../../../core/errors.ts';
import { type Organisation, ProjectTakenError } from './organisation.ts';
import type { OrganisationDirectory } from './organisation-directory.ts';
import type { OrganisationStore } from './organisation-store.ts';

export interface OrganisationRouteDeps {
  readonly store: Pick<OrganisationStore, 'put' | 'remove'>;
  readonly directory: Pick<OrganisationDirectory, 'list' | 'find' | 'organisationInFile' | 'refresh'>;
}

const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '^\\S+$' });
const ByName = Type.Object({ name: Name });
const Body = Type.Object(
  {
    projects: Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
      maxItems: 10_000,
      description: 'All that belong to it; a project belongs to one organisation at most.',
    }),
  },
  { additionalProperties: false },
);
const View = Type.Object({
  name: Type.String(),
  origin: Type.Union([Type.Literal('file'), Type.Literal('admin')], {
    description: 'file: it stands in causeway.yaml, and is changed there',
  }),
  projects: Type.Array(Type.String()),
  created_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
});
const Page = Type.Object({ data: Type.Array(View), next: Type.Null() });
const Gone = Type.Object({ name: Type.String(), deleted: Type.Literal(true) });
const tags = ['organisations'];

/** `/admin/v1/organisations`: which projects belong together. */
export function organisationRoutes(deps: OrganisationRouteDeps): (app: FastifyInstance) => void {
  const { store, directory } = deps;
  return (app) => {
    shownRoutes(app, deps);
    app.put<{ Params: Static<typeof ByName>; Body: Static<typeof Body> }>(
      '/admin/v1/organisations/:name',
      {
        schema: {
          summary: 'Make an organisation, or set its projects',
          tags,
          params: ByName,
          body: Body,
          response: { 200: View },
        },
      },
      async ({ params: { name }, body: { projects } }) => {
        requireChangeable(deps, name);
        requireFree(deps, projects);
        await putInto(store, name, projects);
        await directory.refresh();
        return viewOf(directory.find(name) ?? { name, origin: 'admin', projects, createdAt: undefined });
      },
    );
    app.delete<{ Params: Static<typeof ByName> }>(
      '/admin/v1/organisations/:name',
      {
        schema: { summary: 'Delete an organisation; its projects stay', tags, params: ByName, response: { 200: Gone } },
      },
      async ({ params: { name } }) => {
        requireChangeable(deps, name);
        if (!(await store.remove(name))) throw noOrganisation(name);
        await directory.refresh();
        return { name, deleted: true as const };
      },
    );
  };
}

function shownRoutes(app: FastifyInstance, { directory }: OrganisationRouteDeps): void {
  app.get(
    '/admin/v1/organisations',
    { schema: { summary: 'Organisations and their projects, by name', tags, response: { 200: Page } } },
    () => ({ data: directory.list().map(viewOf), next: null }),
  );
  app.get<{ Params: Static<typeof ByName> }>(
    '/admin/v1/organisations/:name',
    { schema: { summary: 'An organisation and its projects', tags, params: ByName, response: { 200: View } } },
    async ({ params: { name } }) => {
      await directory.refresh();
      const found = directory.find(name);
      if (!found) throw noOrganisation(name);
      return viewOf(found);
    },
  );
}

async function putInto(
  store: OrganisationRouteDeps['store'],
  name: string,
  projects: readonly string[],
): Promise<void> {
  try {
    await store.put(name, projects);
  } catch (thrown) {
    if (!(thrown instanceof ProjectTakenError)) throw thrown;
    throw refused(`${thrown.message} Take it away from there first.`);
  }
}

/** @throws request_invalid */
function requireChangeable({ directory }: OrganisationRouteDeps, name: string): void {
  if (directory.find(name)?.origin !== 'file') return;
  const message = `The organisation "${name}" stands in causeway.yaml; change it there.`;
  throw new GatewayError('request_invalid', { message, param: 'name' });
}

/** @throws request_invalid where causeway.yaml has a project in another organisation */
function requireFree({ directory }: OrganisationRouteDeps, projects: readonly string[]): void {
  for (const project of projects) {
    const organisation = directory.organisationInFile(project);
    if (organisation === undefined) continue;
    throw refused(`causeway.yaml has the project "${project}" in the organisation "${organisation}"; change it there.`);
  }
}

function noOrganisation(name: string): GatewayError {
  return new GatewayError('resource_not_found', { message: `There is no organisation "${name}".` });
}

function refused(message: string): GatewayError {
  return new GatewayError('request_invalid', { message, param: 'projects' });
}

function viewOf({ name, origin, projects, createdAt }: Organisation) {
  return { name, origin, projects: [...projects], created_at: createdAt?.toISOString() ?? null };
}

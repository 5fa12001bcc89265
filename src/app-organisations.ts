import type { LiveCatalog } from './live-catalog.ts';
import type { Access } from './app-access.ts';
import { organisationRoutes } from './pipeline/access/organisations/routes.ts';

/** The organisations of the configuration in force, and the admin API for the others. */
export function openOrganisations({ organisations }: Access, live: LiveCatalog) {
  live.watch(() => organisations.directory.setFile(live.config.organisations));
  return { routes: organisationRoutes(organisations) };
}

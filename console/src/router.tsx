import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  parseSearchWith,
  stringifySearchWith,
} from '@tanstack/react-router';

import { pageTexts } from './i18n/i18n.ts';
import { Crash } from './shell/crash.tsx';
import { Frame } from './shell/frame.tsx';
import { NotFound } from './shell/not-found.tsx';
import { readSearch } from './shell/search-state.ts';
import { loadPage } from './shell/stale-build.ts';
import { PageSkeleton } from './ui/skeleton.tsx';

type Page = () => Promise<Record<string, unknown>>;

const root = createRootRoute({
  component: Frame,
  notFoundComponent: NotFound,
  errorComponent: Crash,
  validateSearch: readSearch,
});

/** One line a page; its code is loaded when it is first opened. */
const PAGES: readonly (readonly [path: string, page: Page])[] = [
  ['/', () => import('./pages/overview/overview-page.tsx')],
  ['/requests', () => import('./pages/requests/requests-page.tsx')],
  ['/requests/compare', () => import('./pages/requests/compare-page.tsx')],
  ['/requests/$traceId', () => import('./pages/requests/trace-page.tsx')],
  ['/conversations', () => import('./pages/requests/conversations-page.tsx')],
  ['/conversations/$conversationId', () => import('./pages/requests/conversation-page.tsx')],
  ['/cost', () => import('./pages/cost/cost-page.tsx')],
  ['/cost/budgets', () => import('./pages/cost/budgets-page.tsx')],
  ['/cost/savings', () => import('./pages/cost/savings-page.tsx')],
  ['/cost/prices', () => import('./pages/cost/prices-page.tsx')],
  ['/models', () => import('./pages/models/models-page.tsx')],
  ['/models/$model', () => import('./pages/models/model-page.tsx')],
  ['/rollouts', () => import('./pages/rollouts/rollouts-page.tsx')],
  ['/rollouts/$kind/$id', () => import('./pages/rollouts/rollout-page.tsx')],
  ['/cache', () => import('./pages/cache/cache-page.tsx')],
  ['/cache/prompts', () => import('./pages/cache/prompts-page.tsx')],
  ['/keys', () => import('./pages/keys/keys-page.tsx')],
  ['/keys/projects', () => import('./pages/keys/projects-page.tsx')],
  ['/keys/limits', () => import('./pages/keys/limits-page.tsx')],
  ['/keys/providers', () => import('./pages/keys/providers-page.tsx')],
  ['/safety', () => import('./pages/safety/safety-page.tsx')],
  ['/safety/try', () => import('./pages/safety/try-page.tsx')],
  ['/safety/reviews', () => import('./pages/reviews/reviews-page.tsx')],
  ['/safety/reviews/$id', () => import('./pages/reviews/review-page.tsx')],
  ['/playground', () => import('./pages/playground/playground-page.tsx')],
  ['/alerts', () => import('./pages/alerts/alerts-page.tsx')],
  ['/alerts/events', () => import('./pages/alerts/events-page.tsx')],
  ['/alerts/deliveries', () => import('./pages/alerts/deliveries-page.tsx')],
  ['/settings', () => import('./pages/settings/settings-page.tsx')],
  ['/settings/health', () => import('./pages/settings/health-page.tsx')],
  ['/settings/operators', () => import('./pages/operators/operators-page.tsx')],
  ['/settings/audit', () => import('./pages/operators/audit-page.tsx')],
];

const FIRST_PAGE = '/';

/** Its texts come with it; those of the first page are there already. */
function withTexts(path: string, page: Page): Page {
  if (path === FIRST_PAGE) return page;
  return async () => (await Promise.all([page(), pageTexts()]))[0];
}

const routes = PAGES.map(([path, page]) =>
  createRoute({
    getParentRoute: () => root,
    path,
    // A page's file exports its page as `Page`.
    component: lazyRouteComponent(() => loadPage(withTexts(path, page)), 'Page'),
  }),
);

/** Values as they stand: `?status=failed&min_cost_usd=1` means texts. */
const asText = (value: unknown): string => String(value);

export const router = createRouter({
  routeTree: root.addChildren(routes),
  basepath: '/console',
  parseSearch: parseSearchWith((value) => value),
  stringifySearch: stringifySearchWith(asText),
  defaultPreload: 'intent',
  defaultErrorComponent: Crash,
  defaultPendingMs: 150,
  defaultPendingComponent: PageSkeleton,
  scrollRestoration: true,
});

import type { Texts } from '../../i18n/i18n.ts';

type Deed = keyof Texts['operators']['deed'];

/** What each line of the audit log is in words; `{}` stands for a name. */
const DEEDS: Readonly<Record<string, Deed>> = {
  'sign-in': 'signIn',
  'sign-out': 'signOut',
  reload: 'reload',
  'POST keys': 'makeKey',
  'DELETE keys/{}': 'revokeKey',
  'POST provider-keys': 'storeProviderKey',
  'DELETE provider-keys/{}': 'deleteProviderKey',
  'PUT organisations/{}': 'setOrganisation',
  'DELETE organisations/{}': 'deleteOrganisation',
  'POST prices': 'setPrices',
  'POST targets/reset': 'resetTarget',
  'PUT config': 'saveConfig',
  'PUT budgets/{}': 'setBudget',
  'DELETE budgets/{}': 'deleteBudget',
  'POST blocks': 'block',
  'DELETE blocks/{}': 'liftBlock',
  'POST alerts/test': 'testAlerts',
  'POST cache/purge': 'purgeCache',
  'PUT flags/{}': 'setFlag',
  'DELETE flags/{}': 'deleteFlag',
  'PUT routes/{}': 'setRoute',
  'DELETE routes/{}': 'deleteRoute',
  'PUT experiments/{}': 'setExperiment',
  'DELETE experiments/{}': 'deleteExperiment',
  'POST experiments/{}/restart': 'restartExperiment',
  'PUT canaries/{}': 'setCanary',
  'DELETE canaries/{}': 'deleteCanary',
  'POST canaries/{}/promote': 'promoteCanary',
  'POST canaries/{}/advance': 'advanceCanary',
  'POST canaries/{}/rollback': 'rollBackCanary',
  'POST canaries/{}/pause': 'pauseCanary',
  'POST canaries/{}/resume': 'resumeCanary',
  'POST canaries/{}/restart': 'restartCanary',
  'PUT shadows/{}': 'setShadow',
  'DELETE shadows/{}': 'deleteShadow',
  'POST reviews/{}/approve': 'approve',
  'POST reviews/{}/edit': 'editReview',
  'POST reviews/{}/reject': 'reject',
  'POST routing/examples': 'labelExamples',
  'DELETE routing/examples/{}': 'deleteExamples',
  'POST operators': 'makeOperator',
  'DELETE operators/{}': 'revokeOperator',
  'DELETE sessions/{}': 'endSession',
};

const API = '/admin/v1/';

/** The word for an action such as `PUT /admin/v1/budgets/{id}`; undefined for one that has none. */
export function deedOf(action: string): Deed | undefined {
  const [method = '', path] = action.split(' ');
  if (path === undefined) return DEEDS[action];
  const route = path.startsWith(API) ? path.slice(API.length) : path;
  return DEEDS[`${method} ${route.replaceAll(/\{\w+\}|:\w+/g, '{}')}`];
}

import { lazy } from 'react';

import { pageTexts } from '../../i18n/i18n.ts';
import { loadPage } from '../../shell/stale-build.ts';

/** Parts of the overview with much code of their own: the figures are there before them. */
export const TimeCharts = lazy(async () => {
  const { TimeCharts: part } = await loadPage(() => import('./time-charts.tsx'));
  return { default: part };
});

/** Says how models are in the words of their page. */
export const ModelsTable = lazy(async () => {
  const [{ ModelsTable: part }] = await loadPage(() => Promise.all([import('./models-table.tsx'), pageTexts()]));
  return { default: part };
});

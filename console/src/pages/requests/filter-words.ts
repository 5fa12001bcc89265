import type { TFunction } from 'i18next';

import { filterNamed, metadataName } from './filters.ts';

type Words = TFunction<readonly ['requests', 'common']>;

/** `Model: chat`, in the reader's language. */
export function filterWords(name: string, value: string, t: Words): string {
  return `${filterLabel(name, t)}: ${filterValue(name, value, t)}`;
}

function filterLabel(name: string, t: Words): string {
  const member = metadataName(name);
  if (member !== undefined) return `${t('filters.metadata')}.${member}`;
  if (name === 'q') return t('searchTexts');
  const filter = filterNamed(name);
  return filter === undefined ? name : t(`filters.${filter.name}`);
}

const STATUS = { completed: 'statusCompleted', failed: 'statusFailed', aborted: 'statusAborted' } as const;

/** One of few words is said in the reader's language; anything else as it stands. */
export function filterValue(name: string, value: string, t: Words): string {
  switch (`${name}=${value}`) {
    case 'status=completed':
    case 'status=failed':
    case 'status=aborted':
      return t(STATUS[value as keyof typeof STATUS], { ns: 'common' });
    case 'streamed=true':
      return t('yes', { ns: 'common' });
    case 'streamed=false':
      return t('no', { ns: 'common' });
    default:
      return value;
  }
}

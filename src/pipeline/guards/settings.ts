import { type Static, type TUnsafe, Type } from 'typebox';

import { Int, Text, choice, named, section } from '../../config/fields.ts';
import { ON_FAILURE } from './actions.ts';
import { groundingField } from './grounding/settings.ts';
import { injectionField } from './injection/settings.ts';
import { moderationFields } from './moderation/settings.ts';
import { piiField } from './pii/settings.ts';
import { ServiceSettings } from './remote/settings.ts';
import { reviewField } from './review/settings.ts';
import { structuredField } from './structured/settings.ts';
import { validationField } from './validation/settings.ts';

const RefusalSettings = section(
  {
    as: choice(['error', 'answer'], {
      description:
        'How a request that is blocked is refused: with an error, or with an answer in which the model seems to refuse. Answers that are blocked always end as the dialect says it (`content_filter`).',
      default: 'error',
    }),
    en: Text({ description: 'What it says in English.', default: 'This was refused by a safety policy.' }),
    zh: Text({ description: 'What it says in Chinese.', default: '该内容不符合安全策略，已被拒绝。' }),
  },
  { description: 'What a client is told; in Chinese where its last text is.' },
);

const GuardPolicySettings = section(
  {
    ...validationField,
    ...piiField,
    ...injectionField,
    ...moderationFields,
    ...structuredField,
    ...groundingField,
    ...reviewField,
    refusal: RefusalSettings,
    onFailure: choice(ON_FAILURE, {
      description: 'What happens where a guard fails: the call goes on, or is refused. The record says which.',
      default: 'closed',
    }),
    unscreened: choice(['allow', 'refuse'], {
      description:
        'Requests that guards cannot read: audio, files, batches. `allow`: they go on, and the record says that nobody looked.',
      default: 'allow',
    }),
    holdBack: Int({
      description: 'How many characters of a streamed answer are held back at most, until it is clear what they begin.',
      default: 40,
      minimum: 0,
      maximum: 256,
    }),
    segment: Int({
      description:
        'How many characters of a streamed answer a judge is asked about at a time; they wait for its verdict.',
      default: 400,
      minimum: 40,
      maximum: 10_000,
    }),
  },
  { description: 'A policy: which guards look at what, and what follows.' },
);
export type GuardPolicySettings = Static<typeof GuardPolicySettings>;

const POLICY_NAMES = { names: /^[\w.-]{1,64}$/, namesAre: 'names of letters, digits, points, dashes and underscores' };

export const GuardsSettings: TUnsafe<ReadonlyMap<string, GuardPolicySettings>> = named(GuardPolicySettings, {
  description:
    'Policies of guards. A model names one under `guards`, a project under `guardedProjects`; where both do, both hold.',
  ...POLICY_NAMES,
});

export const GuardedProjectsSettings = named(Text({ description: 'The name of a policy under `guards`.' }), {
  description: 'The policy of each project, whatever model it asks for.',
  names: /^\S+$/,
  namesAre: 'names of projects',
});

export const GuardServicesSettings = named(ServiceSettings, {
  description: 'Services of content moderation that guards may ask.',
  ...POLICY_NAMES,
});

/** What a virtual model may say. */
export const guardField = {
  guards: Type.Optional(
    Text({
      description: 'The policy that requests and answers fall under, a name under `guards`.',
      examples: ['default'],
    }),
  ),
};

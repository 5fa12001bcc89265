import { Type } from 'typebox';

import { Age, Duration } from '../config/fields.ts';
import { OidcSettings } from './sso/settings.ts';

/** What the section `console` says of those who operate the gateway. */
export const operatorFields = {
  sessionTtl: Duration({
    description: 'How long somebody stays signed in who does nothing; at most 7 days from the sign-in in any case.',
    default: '12h',
  }),
  oidc: Type.Optional(OidcSettings),
  auditRetention: Age({ description: 'How long the audit log is kept.', default: '400d' }),
};

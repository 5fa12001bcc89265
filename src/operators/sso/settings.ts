import { type Static, Type } from 'typebox';

import { Secret, Text, choice, list, section } from '../../config/fields.ts';
import { ROLES } from '../../core/operator.ts';

const RoleRule = section(
  {
    claim: Text({
      description: 'The claim of the ID token that is looked at; dots go into objects, e.g. `realm_access.roles`.',
      examples: ['groups', 'email', 'realm_access.roles'],
    }),
    value: Text({
      description:
        'What it has to be, or to have among its values. `*` stands for any text, as in `*@example.com`; the claim `email` counts only where `email_verified` is true.',
      examples: ['llm-admins', '*@example.com'],
    }),
    role: choice(ROLES, { description: 'What those may do of whom this is true.' }),
    projects: Type.Optional(
      list(Text({ description: 'A project.' }), { description: 'The only projects that a viewer sees.', minItems: 1 }),
    ),
  },
  { description: 'Who may do what, of those whom the identity provider knows.' },
);

export const OidcSettings = section(
  {
    issuer: Text({
      description:
        'The address of the identity provider, under which /.well-known/openid-configuration is. Plain http is taken of the own machine only.',
      examples: ['https://login.example.com/realms/main'],
    }),
    clientId: Text({ description: 'What the gateway is called at the identity provider.' }),
    clientSecret: Secret({ description: 'The secret that the identity provider gave it.' }),
    name: Text({ description: 'What the button in the console says.', default: 'Single sign-on' }),
    scopes: Text({ description: 'What is asked for, separated by spaces.', default: 'openid profile email' }),
    redirectUri: Type.Optional(
      Text({
        description:
          'Where the identity provider sends people back to; it has to know this address. Where absent, /admin/v1/session/sso/callback under the address that the browser asked.',
        examples: ['https://llm.example.com/admin/v1/session/sso/callback'],
      }),
    ),
    nameClaim: Text({
      description:
        'The claim that says what somebody is called in the console and in the audit log; `sub` where it is not there, or is an address of mail that is not verified.',
      default: 'email',
    }),
    roles: list(RoleRule, {
      description:
        'Whoever several are true of gets the highest role, and of equal ones the first; whoever none is true of is refused.',
      minItems: 1,
    }),
  },
  { description: 'Sign-in at an identity provider by OpenID Connect, beside the keys.' },
);

export type OidcSettings = Static<typeof OidcSettings>;

interface Problem {
  /** Under `console.oidc`. */
  readonly key: string;
  readonly message: string;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** In any tenant somebody may give themselves any role and any address. */
const EVERY_TENANT = /^https:\/\/login\.microsoftonline\.[a-z]+\/(?:common|organizations|consumers)(?:\/|$)/i;

/** What no single setting can know. */
export function oidcProblems({ issuer, redirectUri, roles, scopes }: OidcSettings): Problem[] {
  const problems: Problem[] = [];
  if (!isSafe(issuer)) problems.push({ key: 'issuer', message: 'must be an address that begins with https://' });
  if (EVERY_TENANT.test(issuer)) {
    problems.push({ key: 'issuer', message: 'lets in people of every tenant; put the id of your own in its place' });
  }
  if (redirectUri !== undefined && !isSafe(redirectUri)) {
    problems.push({ key: 'redirectUri', message: 'must be an address that begins with https://' });
  }
  if (!scopes.split(/\s+/).includes('openid')) problems.push({ key: 'scopes', message: 'must have openid among them' });
  for (const [at, { role, projects }] of roles.entries()) {
    if (projects === undefined || role === 'viewer') continue;
    problems.push({ key: `roles[${at}].projects`, message: 'only viewers are held to projects; remove it' });
  }
  return problems;
}

/** What goes over plain http can be read and changed on its way. */
function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}

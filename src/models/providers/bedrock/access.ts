import { type KeySetting, firstKey } from '../provider-keys.ts';
import { type AwsCredentials, type FetchCredentials, credentialChain } from './credentials.ts';

/** What is configured of who may ask and where. */
export interface AccessSettings {
  readonly apiKeys: readonly KeySetting[];
  readonly baseUrl: string | undefined;
  readonly region?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  readonly sessionToken?: string | undefined;
  readonly profile?: string | undefined;
}

/** Environment variables. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Who asks: a Bedrock API key, or credentials that requests are signed with. */
export interface Access {
  readonly apiKey: string | undefined;
  /** Where there is no key. */
  readonly credentials: FetchCredentials | undefined;
  /** Undefined where nothing tells. */
  readonly region: string | undefined;
}

/** Amazon's own addresses name their region. */
const OWN_HOST = /\/\/bedrock-runtime(?:-fips)?\.([a-z0-9-]+)\./;

/**
 * What the file says goes before what the environment says, and a key of either before what the AWS SDK finds.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-use.html
 */
export function resolveAccess(settings: AccessSettings, env: Environment, chain = credentialChain): Access {
  const region =
    settings.region ??
    OWN_HOST.exec(settings.baseUrl ?? '')?.[1] ??
    (env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined);
  const apiKey = firstKey(settings.apiKeys);
  if (apiKey !== undefined) return { apiKey, credentials: undefined, region };
  const fixed = fixedCredentials(settings);
  if (fixed) return { apiKey: undefined, credentials: () => Promise.resolve(fixed), region };
  const bearer = settings.profile === undefined ? env['AWS_BEARER_TOKEN_BEDROCK'] : undefined;
  if (bearer) return { apiKey: bearer, credentials: undefined, region };
  return { apiKey: undefined, credentials: chain(settings.profile), region };
}

function fixedCredentials({ accessKeyId, secretAccessKey, sessionToken }: AccessSettings): AwsCredentials | undefined {
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

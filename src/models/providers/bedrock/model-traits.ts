import type { Capabilities } from '../../capabilities/capabilities.ts';
import { capabilitiesOf } from '../../capabilities/table.ts';

/** Who made a model: Converse is one API, and what it lacks each maker takes in its own words. */
type Maker = 'anthropic' | 'nova' | 'gpt-oss' | 'other' | 'unknown';

export interface ModelTraits {
  /** `unknown`: the id is of an inference profile or of provisioned throughput, and tells nothing. */
  readonly maker: Maker;
  readonly capabilities: Capabilities;
}

/** Models that take a JSON Schema. @see https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html (checked 2026-11-21) */
const STRUCTURED = /^claude-(?:sonnet-4-5|sonnet-4-6|haiku-4-5|opus-4-5|opus-4-6)(?:-|$)/;

/** What comes after a Claude's own name: `-v1`, `-v1:0`, `-v1:0:200k`. */
const REVISION = /-v\d+(?::[\da-z]+)*$/;

/**
 * What a model id tells: `us.anthropic.claude-sonnet-4-5-20250929-v1:0`, also at the end of an ARN. Models of Anthropic
 * can what they can elsewhere, but for answers by a schema.
 * @param known of the target, which goes before what is known in general
 */
export function traitsOf(model: string, known: Capabilities | undefined): ModelTraits {
  const id = model.slice(model.lastIndexOf('/') + 1);
  const claude = /(?:^|\.)anthropic\.(.+)$/.exec(id)?.[1]?.replace(REVISION, '');
  if (claude !== undefined) {
    const general = capabilitiesOf('anthropic', claude);
    return { maker: 'anthropic', capabilities: { ...general, jsonSchema: STRUCTURED.test(claude), ...known } };
  }
  return { maker: makerOf(id), capabilities: { jsonSchema: false, ...generalOf(id), ...known } };
}

/** @see https://docs.aws.amazon.com/nova/latest/nova2-userguide/reasoning-capabilities.html (checked 2026-11-21) */
function generalOf(id: string): Capabilities {
  if (/(?:^|\.)amazon\.nova-/.test(id)) return { reasoning: id.includes('amazon.nova-2-') };
  // Meta's models refuse `toolChoice.any`.
  return /(?:^|\.)meta\./.test(id) ? { forcedTools: false } : {};
}

function makerOf(id: string): Maker {
  if (/(?:^|\.)amazon\.nova-/.test(id)) return 'nova';
  if (/(?:^|\.)openai\.gpt-oss-/.test(id)) return 'gpt-oss';
  return id.includes('.') ? 'other' : 'unknown';
}

import { GatewayError } from '../core/errors.ts';

/** What the HTTP framework throws, as far as it is read here. */
interface FrameworkError {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly validation?: readonly ValidationFault[];
  /** Which part of the request is at fault: `body`, `querystring`, `params` or `headers`. */
  readonly validationContext?: string;
}

interface ValidationFault {
  readonly instancePath: string;
  readonly message?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Anything thrown while a request was taken in, as one of our errors; what is the client's fault says so. */
export function gatewayErrorOf(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const error: FrameworkError = typeof thrown === 'object' && thrown !== null ? thrown : {};
  if (error.validation?.[0]) return validationError(error.validation[0], error.validationContext ?? 'body');
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new GatewayError('request_too_large', { cause: thrown });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new GatewayError('content_type_unsupported', { cause: thrown });
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return invalid('The body is empty. Send a JSON object.', thrown);
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return invalid('The body is not valid JSON.', thrown);
    case 'FST_ERR_BAD_URL':
      return invalid('The path is not a valid URL.', thrown);
    default:
      return isClientStatus(error.statusCode)
        ? new GatewayError('request_invalid', { cause: thrown })
        : new GatewayError('internal', { cause: thrown });
  }
}

function invalid(message: string, cause: unknown): GatewayError {
  return new GatewayError('request_invalid', { message, cause });
}

function isClientStatus(status: unknown): boolean {
  return typeof status === 'number' && status >= 400 && status < 500;
}

const PLACES: Readonly<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
};

/** Names the field as a person would write it: `limits.0.requests`. */
function validationError(fault: ValidationFault, context: string): GatewayError {
  const inside = fault.instancePath.slice(1).split('/');
  const named = fault.params?.['missingProperty'] ?? fault.params?.['additionalProperty'];
  const param = [...inside, ...(typeof named === 'string' ? [named] : [])].filter((part) => part !== '').join('.');
  const place = PLACES[context] ?? context;
  const rule = fault.message ?? 'is not valid';
  if (param === '') return new GatewayError('request_invalid', { message: `The ${place} ${rule}.` });
  return new GatewayError('request_invalid', { message: `\`${param}\` (${place}): ${rule}.`, param });
}

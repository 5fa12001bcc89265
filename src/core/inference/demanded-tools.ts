import { GatewayError } from '../errors.ts';
import type { InferenceRequest } from './request.ts';

/** Where the client demands a tool call. */
export function demandOf({ fields }: InferenceRequest): string {
  const { 'tool-choice-required': required, 'tool-choice-named': named, 'tool-choice-allowed': allowed } = fields;
  return required ?? named ?? allowed ?? 'tool_choice';
}

/** A tool call is demanded, and there is no tool to call. */
export function noTools(request: InferenceRequest): GatewayError {
  const param = demandOf(request);
  return new GatewayError('request_invalid', {
    message: `\`${param}\` demands a tool call, but the request has no such tool.`,
    param,
  });
}

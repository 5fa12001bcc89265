import type { RequestPlan } from '../provider.ts';
import type { Endpoint } from '../relay-request.ts';
import type { UpstreamRequest } from '../../transport/transport.ts';

/** What people copy along with a resource's address. */
const COPIED = /\/openai(\/v1)?$/;

/**
 * The address that requests are below: the newer API of one path for all deployments, or the older ones, of which each
 * deployment has its own.
 *
 * @see https://learn.microsoft.com/en-us/azure/foundry/openai/api-version-lifecycle (checked 2026-11-21)
 */
export function azureBaseUrl(baseUrl: string, apiVersion: string | undefined): string {
  const resource = baseUrl.replace(/\/+$/, '').replace(COPIED, '');
  return apiVersion === undefined ? `${resource}/openai/v1` : `${resource}/openai`;
}

/** Where one deployment's requests go. */
export function deploymentEndpoint(endpoint: Endpoint, deployment: string, apiVersion: string | undefined): Endpoint {
  if (apiVersion === undefined) return endpoint;
  return { ...endpoint, basePath: `${endpoint.basePath}/deployments/${encodeURIComponent(deployment)}` };
}

/** The request of a dated API names its version. */
export function withVersion(request: UpstreamRequest, apiVersion: string | undefined): UpstreamRequest {
  if (apiVersion === undefined) return request;
  return { ...request, path: `${request.path}?api-version=${encodeURIComponent(apiVersion)}` };
}

export function planWithVersion(plan: RequestPlan, apiVersion: string | undefined): RequestPlan {
  return { ...plan, request: withVersion(plan.request, apiVersion) };
}

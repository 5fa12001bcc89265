import { type Static, Type } from 'typebox';

import { BaseUrl, Duration, Flag, HeaderValue, Int, Num, Text, choice, named, section } from '../../config/fields.ts';

const OtlpSettings = section(
  {
    endpoint: Type.Optional(
      BaseUrl({
        description:
          'Where OTLP over HTTP is received; `/v1/traces` and `/v1/metrics` are added to it. Left out, and not in `OTEL_EXPORTER_OTLP_ENDPOINT` either, nothing is exported.',
        examples: ['http://127.0.0.1:4318'],
        restart: true,
      }),
    ),
    headers: named(HeaderValue({ description: "A header's value." }), {
      description: 'Headers that are sent with every export. Left out: those of `OTEL_EXPORTER_OTLP_HEADERS`.',
      names: /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/,
      namesAre: 'header names, e.g. Authorization',
      restart: true,
    }),
    traces: Flag({ description: 'Whether spans are exported.', default: true, restart: true }),
    metrics: Flag({ description: 'Whether metrics are exported.', default: true, restart: true }),
    content: choice(['none', 'redacted', 'full'], {
      description:
        'What spans hold of messages, outputs, tool calls and metadata: nothing; all but secrets and personal data; all. Never more than `records.bodies` lets the record keep.',
      default: 'none',
      restart: true,
    }),
    serviceName: Type.Optional(
      Text({
        description: 'The `service.name` of all that is exported. Left out: `OTEL_SERVICE_NAME`, else `causeway`.',
        examples: ['causeway'],
        restart: true,
      }),
    ),
    resource: named(Text({ description: "An attribute's value." }), {
      description: 'Attributes of this process, beside those of `OTEL_RESOURCE_ATTRIBUTES`.',
      names: /^\S{1,128}$/,
      namesAre: 'attribute names, e.g. deployment.environment.name',
      restart: true,
    }),
    sample: Num({
      description:
        'Part of the requests whose spans are exported, 0 to 1; the same requests on every replica. Metrics count all.',
      default: 1,
      minimum: 0,
      maximum: 1,
      restart: true,
    }),
    clientSampling: Flag({
      description:
        "Whether a client's `traceparent` decides whether its request is exported. Otherwise `sample` alone does.",
      default: true,
      restart: true,
    }),
    metricsInterval: Duration({
      description: 'How often metrics are exported; no oftener than every second.',
      default: '30s',
      restart: true,
    }),
  },
  { description: 'Export of spans and metrics to an OpenTelemetry collector, or to whatever speaks OTLP over HTTP.' },
);

/** `telemetry:` of causeway.yaml. */
export const TelemetrySettings = section(
  {
    otlp: OtlpSettings,
    stageTimes: Int({
      description:
        'Of one in so many requests the time of each stage of the pipeline is taken, for the metric `causeway_stage_seconds`; `0`: of none.',
      default: 128,
      minimum: 0,
      maximum: 1_000_000_000,
      restart: true,
    }),
  },
  { description: 'What other systems are told of each request.' },
);

export type TelemetrySettings = Static<typeof TelemetrySettings>;
export type OtlpSettings = TelemetrySettings['otlp'];

import protobuf from 'protobufjs';

/**
 * The messages of OTLP that tests read, by the numbers that the protocol gives to their fields.
 * Checked against the descriptors of the official `opentelemetry-proto` 1.45; fields that are not here are skipped.
 * @see https://github.com/open-telemetry/opentelemetry-proto
 */
const OTLP = `
syntax = "proto3";
package otlp;

message TraceRequest { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message Span {
  bytes trace_id = 1;
  bytes span_id = 2;
  string trace_state = 3;
  bytes parent_span_id = 4;
  string name = 5;
  int32 kind = 6;
  fixed64 start_time_unix_nano = 7;
  fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9;
  repeated Event events = 11;
  Status status = 15;
  fixed32 flags = 16;
}
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
message Status { string message = 2; int32 code = 3; }

message MetricsRequest { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; string schema_url = 3; }
message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; string schema_url = 3; }
message Metric { string name = 1; string description = 2; string unit = 3; Histogram histogram = 9; }
message Histogram { repeated Point data_points = 1; int32 aggregation_temporality = 2; }
message Point {
  fixed64 count = 4;
  double sum = 5;
  repeated fixed64 bucket_counts = 6;
  repeated double explicit_bounds = 7;
  repeated KeyValue attributes = 9;
}

message Resource { repeated KeyValue attributes = 1; }
message Scope { string name = 1; string version = 2; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value {
    string string_value = 1;
    bool bool_value = 2;
    int64 int_value = 3;
    double double_value = 4;
    ArrayValue array_value = 5;
  }
}
message ArrayValue { repeated AnyValue values = 1; }

message TraceResponse { PartialSuccess partial_success = 1; }
message PartialSuccess { int64 rejected_spans = 1; string error_message = 2; }
`;

const { root } = protobuf.parse(OTLP);

type Value = string | number | boolean | readonly Value[] | undefined;
export type Attributes = Readonly<Record<string, Value>>;

export interface ReceivedSpan {
  readonly resource: Attributes;
  readonly scope: { readonly name: string; readonly version: string; readonly schemaUrl: string };
  readonly traceId: string;
  readonly spanId: string;
  /** Empty where it has none. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  readonly flags: number;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
  readonly status: { readonly code: number; readonly message: string };
}

export interface ReceivedPoint {
  readonly resource: Attributes;
  readonly metric: string;
  readonly unit: string;
  readonly description: string;
  readonly temporality: number;
  readonly count: number;
  readonly sum: number;
  readonly bounds: readonly number[];
  readonly buckets: readonly number[];
  readonly attributes: Attributes;
}

/** As protobufjs gives a message: every field there, bytes as buffers, 64 bits as texts. */
interface Fields {
  readonly [name: string]: unknown;
}

export function readSpans(body: Uint8Array): ReceivedSpan[] {
  return many(decode('TraceRequest', body), 'resourceSpans').flatMap((group) =>
    many(group, 'scopeSpans').flatMap((scoped) => {
      const scope = one(scoped, 'scope');
      return many(scoped, 'spans').map((span) => ({
        resource: attributesOf(one(group, 'resource')),
        scope: { name: text(scope, 'name'), version: text(scope, 'version'), schemaUrl: text(scoped, 'schemaUrl') },
        traceId: hex(span, 'traceId'),
        spanId: hex(span, 'spanId'),
        parentSpanId: hex(span, 'parentSpanId'),
        name: text(span, 'name'),
        kind: Number(span['kind']),
        startNanos: BigInt(text(span, 'startTimeUnixNano')),
        endNanos: BigInt(text(span, 'endTimeUnixNano')),
        flags: Number(span['flags']),
        attributes: attributesOf(span),
        events: many(span, 'events').map((event) => ({ name: text(event, 'name'), attributes: attributesOf(event) })),
        status: { code: Number(one(span, 'status')['code'] ?? 0), message: text(one(span, 'status'), 'message') },
      }));
    }),
  );
}

export function readPoints(body: Uint8Array): ReceivedPoint[] {
  return many(decode('MetricsRequest', body), 'resourceMetrics').flatMap((group) =>
    many(group, 'scopeMetrics').flatMap((scoped) =>
      many(scoped, 'metrics').flatMap((metric) =>
        many(one(metric, 'histogram'), 'dataPoints').map((point) => ({
          resource: attributesOf(one(group, 'resource')),
          metric: text(metric, 'name'),
          unit: text(metric, 'unit'),
          description: text(metric, 'description'),
          temporality: Number(one(metric, 'histogram')['aggregationTemporality']),
          count: Number(point['count']),
          sum: Number(point['sum']),
          bounds: (point['explicitBounds'] as number[]).map(Number),
          buckets: (point['bucketCounts'] as string[]).map(Number),
          attributes: attributesOf(point),
        })),
      ),
    ),
  );
}

/** The answer of a collector that took a part only. */
export function partialSuccess(rejected: number, message: string): Uint8Array {
  const type = root.lookupType('otlp.TraceResponse');
  return type.encode({ partialSuccess: { rejectedSpans: rejected, errorMessage: message } }).finish();
}

function decode(name: string, body: Uint8Array): Fields {
  const type = root.lookupType(`otlp.${name}`);
  return type.toObject(type.decode(body), { longs: String, bytes: Buffer, arrays: true, defaults: true, oneofs: true });
}

function attributesOf(message: Fields): Attributes {
  return Object.fromEntries(
    many(message, 'attributes').map((pair) => [text(pair, 'key'), valueOf(one(pair, 'value'))]),
  );
}

function valueOf(value: Fields): Value {
  const name = text(value, 'value');
  const held = value[name];
  if (name === 'intValue') return Number(held);
  if (name === 'arrayValue') return many(held as Fields, 'values').map(valueOf);
  return held as Value;
}

function many(message: Fields, name: string): Fields[] {
  return (message[name] as Fields[] | undefined) ?? [];
}

function one(message: Fields, name: string): Fields {
  return (message[name] as Fields | null | undefined) ?? {};
}

function text(message: Fields, name: string): string {
  return (message[name] as string | undefined) ?? '';
}

function hex(message: Fields, name: string): string {
  return (message[name] as Buffer).toString('hex');
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { configOf } from '../../../test/support/config-of.ts';
import { type Planned, planExport } from './export-plan.ts';

function planned(otlp: string, env: Readonly<Record<string, string>> = {}): Planned {
  return planExport(configOf(`telemetry: { otlp: { ${otlp} } }`).telemetry, env);
}

describe('where exports go', () => {
  it('is nowhere unless somebody says where', () => {
    assert.deepEqual(planned(''), { plan: undefined, warnings: [] });
    assert.equal(planExport(configOf('').telemetry, { PATH: '/bin' }).plan, undefined);
  });

  it('is what the file says', () => {
    const { plan } = planned(
      'endpoint: "http://127.0.0.1:4318/", headers: { Authorization: "Basic eHh4" }, metrics: false',
    );
    assert.deepEqual(plan?.traces, {
      url: 'http://127.0.0.1:4318/v1/traces',
      headers: { Authorization: 'Basic eHh4' },
    });
    assert.equal(plan?.metrics, undefined);
  });

  it('is what the environment says where the file says nothing', () => {
    const { plan, warnings } = planned('', {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example/otlp',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc, x-team=a%2Cb',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'https://metrics.example/take',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-team=m',
    });
    assert.deepEqual(plan?.traces, {
      url: 'https://collector.example/otlp/v1/traces',
      headers: { authorization: 'Bearer abc', 'x-team': 'a,b' },
    });
    assert.deepEqual(plan?.metrics, {
      url: 'https://metrics.example/take',
      headers: { authorization: 'Bearer abc', 'x-team': 'm' },
    });
    assert.deepEqual(warnings, []);
  });

  it('is the file where both speak, and no header goes along that was meant for another', () => {
    const { plan } = planned('endpoint: "http://127.0.0.1:4318", headers: { x-team: "file" }', {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example/take',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'authorization=Bearer%20traces',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    });
    assert.deepEqual(plan?.traces, { url: 'http://127.0.0.1:4318/v1/traces', headers: { 'x-team': 'file' } });
    assert.deepEqual(plan?.sdkEnvironment, { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' });
  });

  it('is nowhere where the SDK is switched off, in whole or in part', () => {
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
    assert.equal(planned('', { ...endpoint, OTEL_SDK_DISABLED: 'true' }).plan, undefined);
    const { plan } = planned('', { ...endpoint, OTEL_METRICS_EXPORTER: 'none' });
    assert.equal(plan?.metrics, undefined);
    assert.ok(plan?.traces);
  });

  it('promise 12: ignores a variable that cannot be read, and says so without quoting it', () => {
    const { plan, warnings } = planned('endpoint: "http://127.0.0.1:4318"', {
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%2sk-very-secret',
      OTEL_RESOURCE_ATTRIBUTES: 'nothing to split',
    });
    assert.deepEqual(plan?.traces?.headers, {});
    assert.deepEqual(
      warnings.map((warning) => warning.split(' ')[0]),
      ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_RESOURCE_ATTRIBUTES'],
    );
    assert.equal(warnings.join('').includes('secret'), false);
    const refused = planned('', { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' });
    assert.equal(refused.plan, undefined);
    assert.match(String(refused.warnings[0]), /write an http\(s\) address/);
  });
});

function nameOf(otlp: string, env: Readonly<Record<string, string>>): string | undefined {
  return planned(`endpoint: "http://127.0.0.1:4318", ${otlp}`, env).plan?.resource['service.name'];
}

describe('what a process calls itself', () => {
  it('is the nearest of the names it is given', () => {
    const env = { OTEL_SERVICE_NAME: 'by-name', OTEL_RESOURCE_ATTRIBUTES: 'service.name=by-attribute,zone=eu' };
    assert.equal(nameOf('', {}), 'causeway');
    assert.equal(nameOf('', { OTEL_RESOURCE_ATTRIBUTES: env.OTEL_RESOURCE_ATTRIBUTES }), 'by-attribute');
    assert.equal(nameOf('', env), 'by-name');
    assert.equal(nameOf('resource: { service.name: "by-file" }', env), 'by-file');
    assert.equal(nameOf('serviceName: "by-setting"', env), 'by-setting');
  });

  it('tells replicas apart', () => {
    const idOf = (): string | undefined => planned('endpoint: "http://a:1"').plan?.resource['service.instance.id'];
    assert.notEqual(idOf(), idOf());
    const given = planned('endpoint: "http://a:1"', { OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=pod-1,zone=eu' });
    assert.equal(given.plan?.resource['service.instance.id'], 'pod-1');
    assert.equal(given.plan?.resource['zone'], 'eu');
  });
});

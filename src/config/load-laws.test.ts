import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import * as fc from '../../test/support/fast-check.ts';
import { soundAlerts } from '../../test/support/sound-alerts.ts';
import { Check } from 'typebox/value';
import { parse as parseYaml, stringify } from 'yaml';

import { type PriceSettings, priceProblems } from '../models/pricing/settings.ts';
import { budgetIdentity, budgetProblems } from '../pipeline/quotas/budgets/settings.ts';
import type { BudgetSettings } from '../pipeline/quotas/settings.ts';
import type { Config } from './config.ts';
import { OWN_HEADERS } from './cross-checks.ts';
import type { FieldSchema } from './field-schema.ts';
import { configJsonSchema } from './json-schema.ts';
import { parseConfig } from './load.ts';
import { ConfigError } from './problems.ts';
import { FILE_SCHEMA } from './schema.ts';
import { type TextKindName, readText } from './text-kinds.ts';

type Written = string | number | boolean | Written[] | { [key: string]: Written };

const KINDS: Record<TextKindName, fc.Arbitrary<string>> = {
  duration: fc.tuple(fc.nat(500), fc.constantFrom('ms', 's', 'm', 'h')).map((parts) => parts.join('')),
  age: fc.tuple(fc.integer({ min: 1, max: 500 }), fc.constantFrom('s', 'm', 'h', 'd')).map((parts) => parts.join('')),
  size: fc
    .tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('B', 'KB', 'MB', 'GB'))
    .map((parts) => parts.join('')),
  hedgeDelay: fc.constantFrom('p95', '300ms', '1.5s'),
  rate: fc.constantFrom('500/1m', '1/1.5s', '200000/1d'),
  url: fc.constantFrom('http://127.0.0.1:8000/v1', 'https://api.example.com', 'http://[::1]:9/a/'),
  target: fc.stringMatching(/^sim\/[!-#%-~]{1,12}$/),
  timeOfDay: fc.constantFrom('00:00', '09:30', '24:00'),
  network: fc.constantFrom('127.0.0.1', '10.0.0.0/8', '::1', '2001:db8::/32'),
  header: fc.stringMatching(/^[ -#%-~]{0,12}$/),
};

const NAMES = fc.stringMatching(/^[a-z][a-z0-9._-]{0,8}$/).filter((name) => !OWN_HEADERS.has(name));
const TARGET_NAMES = fc.tuple(NAMES, NAMES).map((parts) => parts.join('/'));

/** Anything that a person may write for the field, as the schema has it. */
function written(schema: FieldSchema): fc.Arbitrary<Written> {
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(written));
  if (schema.properties) return writtenSection(schema);
  if (schema.type === 'object') {
    const names = 'a/b'.match(schema.propertyNames?.pattern ?? '') && !'a'.match(schema.propertyNames?.pattern ?? '');
    return fc.dictionary(names ? TARGET_NAMES : NAMES, written(schema.additionalProperties || {}), { maxKeys: 3 });
  }
  if (schema.type === 'array') {
    return fc.array(written(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: 3 });
  }
  return writtenValue(schema);
}

function writtenValue(schema: FieldSchema): fc.Arbitrary<Written> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema['x-kind']) return KINDS[schema['x-kind']];
  const bounds = { min: schema.minimum ?? 0, max: schema.maximum ?? 1e6 };
  if (schema.type === 'integer') return fc.integer(bounds);
  if (schema.type === 'number') return fc.double({ ...bounds, noNaN: true }).map((value) => value + 0);
  if (schema.type === 'boolean') return fc.boolean();
  return fc.string({ minLength: schema.minLength ?? 0 });
}

function writtenSection(schema: FieldSchema): fc.Arbitrary<Written> {
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, written(field)] as const);
  const section = fc.record(Object.fromEntries(fields), { requiredKeys: [...(schema.required ?? [])] });
  // The one pair of keys that exclude each other.
  const oneOf = schema['x-one-of'];
  const complete = section.filter((given) => !oneOf || oneOf.some((name) => name in given));
  if (schema.properties?.['gpu']) return complete.map(withoutFault);
  if (schema.properties?.['rules'] && schema.properties['cascade'])
    return complete.map((route) => soundRoute(route) as typeof route);
  if (schema.properties?.['issuer']) return complete.map(soundSignOn);
  if (schema.properties?.['channels']) return complete.map((alerts) => soundAlerts(alerts) as typeof alerts);
  return complete.map(({ apiKey, apiKeys, target, ...rest }) => ({
    ...rest,
    ...(target !== undefined && !('route' in rest) && { target }),
    ...(apiKeys === undefined ? apiKey !== undefined && { apiKey } : { apiKeys }),
  }));
}

/** A route without what no single field can know to be wrong. */
function soundRoute({ targets = [], sticky, reference }: Record<string, Written>): Record<string, Written> {
  return { targets, ...(sticky !== undefined && { sticky }), ...(reference !== undefined && { reference }) };
}

/** Addresses that nobody can read on their way, and projects of viewers alone: no single field can know either. */
function soundSignOn({ redirectUri, scopes, roles, ...rest }: Record<string, Written>): Record<string, Written> {
  const held = (roles as Record<string, Written>[]).map(({ projects, ...rule }) => ({
    ...rule,
    ...(projects !== undefined && rule['role'] === 'viewer' && { projects }),
  }));
  return {
    ...rest,
    issuer: 'https://login.example.com/realms/main',
    ...(redirectUri !== undefined && { redirectUri: 'https://llm.example.com/back' }),
    ...(scopes !== undefined && { scopes: 'openid groups' }),
    roles: held,
  };
}

/** A price that is whole, which no single field can know. */
function withoutFault({ variants = [], gpu, ...rest }: PriceSettings): Record<string, Written> {
  const price = { input: 1, output: 1, ...rest, ...(gpu && { gpu: { ...gpu, concurrency: 2 } }) };
  const sound = variants.filter((variant) => priceProblems({ ...price, variants: [variant] }).length === 0);
  return { ...price, variants: sound };
}

/** The text as a person has to write it, so that it means itself. */
function escaped(value: Written): Written {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${');
  if (Array.isArray(value)) return value.map(escaped);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, escaped(part)]));
}

/** Every value that was written is the one that was read, in its unit. */
function assertRead(schema: FieldSchema, value: Written, read: unknown): void {
  const variant = schema.anyOf?.find(
    ({ properties }) =>
      (properties === undefined) === (typeof value !== 'object') &&
      properties?.['type']?.const === (value as { type?: string }).type,
  );
  if (variant) {
    assertRead(variant, value, read);
  } else if (Array.isArray(value)) {
    value.forEach((item, at) => assertRead(schema.items ?? {}, item, (read as unknown[])[at]));
  } else if (typeof value === 'object') {
    for (const [name, part] of Object.entries(value)) {
      const entry = read instanceof Map ? (read.get(name) as unknown) : (read as Record<string, unknown>)[name];
      assertRead(schema.properties?.[name] ?? (schema.additionalProperties || {}), part, entry);
    }
  } else {
    const kind = schema['x-kind'];
    assert.deepEqual(read, kind && typeof value === 'string' ? readText(kind, value) : value);
  }
}

/** Back to the shape of the file, where the loader joined keys and lowered header names. */
function asWritten(config: Config, file: Record<string, Written>): unknown {
  const providers = [...config.providers].map(([name, provider]) => {
    if (provider.type === 'simulator') return [name, provider] as const;
    const said = (file['providers'] as Record<string, Record<string, Written>> | undefined)?.[name] ?? {};
    const headers = Object.keys(said['headers'] ?? {}).map(
      (key) => [key, provider.headers[key.toLowerCase()]] as const,
    );
    return [name, { ...provider, apiKey: provider.apiKeys[0], headers: new Map(headers) }] as const;
  });
  return { ...config, providers: new Map<string, unknown>(providers) };
}

const ZONES = ['UTC', 'Asia/Shanghai', 'America/St_Johns'];

/** What is about virtual models by name has laws of its own. */
function withoutRollouts(settings: Record<string, Written>): Record<string, Written> {
  const { flags: _flags, experiments: _experiments, canaries: _canaries, shadows: _shadows, ...rest } = settings;
  return rest;
}

/** Patterns, names of policies and targets that exist: no single field can know them. */
function withoutGuards(settings: Record<string, Written>): Record<string, Written> {
  const { guards: _guards, guardedProjects: _projects, models, defaults, ...rest } = settings;
  const unguarded = ({ guards: _name, ...model }: Record<string, Written>) => model;
  const named = (models ?? {}) as Record<string, Record<string, Written>>;
  return {
    ...rest,
    ...(models !== undefined && {
      models: Object.fromEntries(Object.entries(named).map(([name, model]) => [name, unguarded(model)])),
    }),
    ...(defaults !== undefined && { defaults: unguarded(defaults as Record<string, Written>) }),
  };
}

/** The file without budgets that cannot be, or count the same: no single field can know either. */
function withSoundBudgets(settings: Record<string, Written>): Record<string, Written> {
  const models = Object.keys(settings['models'] ?? {});
  const seen = new Set<string>();
  const budgets = ((settings['budgets'] ?? []) as BudgetSettings[]).flatMap(({ degradeTo, ...rest }) => {
    const zone = ZONES[rest.timeZone?.length % ZONES.length];
    const [model] = models;
    const budget = {
      ...rest,
      ...(zone !== undefined && { timeZone: zone }),
      ...(degradeTo && model !== undefined && { degradeTo: { ...degradeTo, model } }),
    };
    const read: BudgetSettings = { ...budget, period: budget.period ?? 'month', timeZone: zone ?? 'UTC' };
    const identity = budgetIdentity(read);
    if (seen.has(identity) || budgetProblems(read, models).length > 0) return [];
    seen.add(identity);
    return [budget];
  });
  return { ...settings, ...('budgets' in settings && { budgets }) };
}

const file = written(FILE_SCHEMA).map((settings) =>
  escaped(withSoundBudgets(withoutGuards(withoutRollouts(settings as Record<string, Written>)))),
) as fc.Arbitrary<Record<string, Written>>;
const unescaped = (value: Written): Written =>
  JSON.parse(JSON.stringify(value).replaceAll('$${', () => '${')) as Written;

describe('laws of the configuration', () => {
  it('law: every file that the schema allows is read as it was written', () => {
    fc.assert(
      fc.property(file, (settings) => {
        const { config } = parseConfig(stringify(settings), { path: 'causeway.yaml', env: {} });
        assertRead(FILE_SCHEMA, unescaped(settings), asWritten(config, settings));
      }),
    );
  });

  it('law: the published JSON Schema allows every file that loads', () => {
    const schema = configJsonSchema();
    fc.assert(
      fc.property(file, (settings) => {
        parseConfig(stringify(settings), { path: 'causeway.yaml', env: {} });
        assert.ok(Check(schema, settings));
      }),
    );
  });

  it('law: a file with any damage is a configuration or a ConfigError with places, never another fault', () => {
    const text = readFileSync(new URL('../../examples/providers.yaml', import.meta.url), 'utf8');
    const schema = configJsonSchema();
    const env = { OPENAI_API_KEY: 'k', ANTHROPIC_KEY_A: 'a', ANTHROPIC_KEY_B: 'b' };
    const piece = fc.oneof(
      fc.constantFrom(
        '',
        '\n',
        '  ',
        ': ',
        '- ',
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '*a',
        '&a ',
        '${',
        '}',
        '!x ',
        '|',
        '#',
        '? ',
        '\0',
      ),
      fc.string({ maxLength: 4 }),
    );
    const damage = fc.record({ at: fc.nat(text.length), length: fc.nat(12), piece });
    let loaded = 0;
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
        const damaged = damages.reduce(
          (left, { at, length, piece: put }) => left.slice(0, at) + put + left.slice(at + length),
          text,
        );
        try {
          parseConfig(damaged, { path: 'causeway.yaml', env });
          loaded += 1;
          assert.ok(Check(schema, parseYaml(damaged)));
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          assert.ok(error.problems.length > 0);
          for (const { line, column, message } of error.problems) {
            assert.ok(line >= 1 && line <= damaged.split('\n').length && column >= 1 && message !== '');
          }
        }
      }),
      { numRuns: 500 },
    );
    assert.ok(loaded > 0);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Ajv2020 } from 'ajv/dist/2020.js';

import type { Json, JsonObject } from '../../../../core/json.ts';
import * as fc from '../../../../../test/support/fast-check.ts';
import { checkJson } from './check-json.ts';

const name = fc.constantFrom('a', 'b', 'c', 'length');
const small = fc.integer({ min: 0, max: 3 });

const { value: anyValue } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom<Json>(null, true, false, 0, 1, 2, 2.5, -1, '', 'a', 'ab', 'xyz', '1', '😀'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

/** Schemas of every word that is looked at, some of whose values make no sense together. */
const { schema: anySchema } = fc.letrec<{ schema: Json }>((tie) => {
  const schema = tie('schema');
  const some = fc.array(schema, { minLength: 1, maxLength: 3 });
  const named = fc.dictionary(name, schema, { maxKeys: 3, noNullPrototype: true });
  const names = fc.uniqueArray(name, { maxLength: 2 });
  const type = fc.constantFrom('null', 'boolean', 'number', 'integer', 'string', 'array', 'object');
  const words: Record<string, fc.Arbitrary<Json>> = {
    type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 2 })),
    enum: fc.uniqueArray(anyValue, { minLength: 1, maxLength: 3, selector: (value) => JSON.stringify(value) }),
    const: anyValue,
    minimum: small,
    maximum: small,
    exclusiveMinimum: small,
    exclusiveMaximum: small,
    multipleOf: fc.constantFrom(1, 2, 0.5),
    minLength: small,
    maxLength: small,
    pattern: fc.constantFrom('^a', '[xyz]{2,}', '^.?$', String.raw`\d`),
    minItems: small,
    maxItems: small,
    uniqueItems: fc.boolean(),
    items: schema,
    prefixItems: some,
    contains: schema,
    minProperties: small,
    maxProperties: small,
    required: names,
    properties: named,
    additionalProperties: schema,
    patternProperties: fc.dictionary(fc.constantFrom('^a', '[bc]'), schema, { maxKeys: 2, noNullPrototype: true }),
    propertyNames: schema,
    dependentRequired: fc.dictionary(name, names, { maxKeys: 2, noNullPrototype: true }),
    dependentSchemas: named,
    allOf: some,
    anyOf: some,
    oneOf: some,
    not: schema,
    $ref: fc.constantFrom('#/$defs/one', '#/$defs/two'),
  };
  const word = fc
    .constantFrom(...Object.keys(words))
    .chain((key) => words[key]?.map((value) => [key, value] as const) ?? fc.constant(['title', 'x'] as const));
  return {
    schema: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.boolean(),
      fc.array(word, { minLength: 1, maxLength: 3 }).map((entries) => Object.fromEntries(entries) as JsonObject),
      fc
        .tuple(schema, schema, schema)
        .map((parts) => Object.fromEntries(['if', 'then', 'else'].map((key, at) => [key, parts[at]]))),
    ),
  };
});

const anyRoot = fc
  .tuple(
    anySchema,
    fc.constantFrom<Json>({ type: 'string' }, { minimum: 1 }, true),
    fc.constantFrom<Json>({ type: 'object' }, false),
  )
  .map(([schema, one, two]): JsonObject => ({ allOf: [schema], $defs: { one, two } }));

const outcomeOf = (schema: JsonObject, value: Json) => checkJson(schema, [value]).outcome;

const isStandIn = (text: string) => text.startsWith('[PHONE_');

function levels(count: number, of: (next: JsonObject) => JsonObject): JsonObject {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`l${at}`, of({ $ref: `#/$defs/l${at + 1}` })]));
}

describe('JSON held against a schema', () => {
  it('is valid exactly where another validator says so', () => {
    const ajv = new Ajv2020({
      strict: false,
      validateSchema: false,
      logger: false,
      addUsedSchema: false,
      ownProperties: true,
    });
    fc.assert(
      fc.property(anyRoot, fc.array(anyValue, { minLength: 3, maxLength: 3 }), (schema, values) => {
        const validate = ajv.compile(schema);
        for (const value of values) {
          const checked = checkJson(schema, [value]);
          assert.ok('faults' in checked);
          assert.equal(checked.outcome, validate(value) ? 'valid' : 'invalid', JSON.stringify({ schema, value }));
          assert.equal(checked.faults.length > 0, checked.outcome === 'invalid');
          assert.deepEqual(checked.unchecked, []);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('has members of its own only', () => {
    const schema = JSON.parse('{"properties":{"__proto__":{"type":"string"}},"required":["toString"]}') as JsonObject;
    assert.equal(outcomeOf(schema, {}), 'invalid');
    assert.equal(outcomeOf(schema, JSON.parse('{"__proto__":1,"toString":1}') as Json), 'invalid');
    assert.equal(outcomeOf(schema, JSON.parse('{"__proto__":"a","toString":1}') as Json), 'valid');
  });

  it('has faults that say where they are and what would be right', () => {
    const schema = {
      type: 'object',
      properties: { 'a/b': { type: 'array', items: { type: 'integer', minimum: 1 } }, kind: { enum: ['x', 'y'] } },
      required: ['kind', 'id'],
      additionalProperties: false,
    };
    assert.deepEqual(checkJson(schema, [{ 'a/b': [1, 0, '1'], kind: 'z', more: 1 }]), {
      outcome: 'invalid',
      faults: [
        { path: '/a~1b/1', keyword: 'minimum', says: 'has to be at least 1' },
        { path: '/a~1b/2', keyword: 'type', says: 'has to be integer' },
        { path: '/kind', keyword: 'enum', says: 'has to be one of ["x","y"]' },
        { path: '', keyword: 'required', says: 'has to have "id"' },
        { path: '', keyword: 'additionalProperties', says: 'may not have "more"' },
      ],
      unchecked: [],
    });
  });

  it('may be of formats that are told apart', () => {
    const right = {
      date: '2024-02-29',
      time: '23:59:60Z',
      'date-time': '2024-02-29T12:00:00.123+08:00',
      email: 'a@example.com',
      ipv4: '127.0.0.1',
      ipv6: '::1',
      uuid: '0192f0c1-d2e3-7000-8000-00000000abcd',
    };
    const wrong = ['2023-02-29', '12:00', '2024-02-29 noon', 'a@', '300.1.1.1', '::x', '0192f0c1'];
    for (const [at, [format, text]] of Object.entries(right).entries()) {
      assert.equal(outcomeOf({ format }, text), 'valid', text);
      const other = wrong[at] ?? '';
      assert.equal(outcomeOf({ format }, other), 'invalid', other);
    }
  });

  it('may be of an earlier draft, or of OpenAPI', () => {
    const list = { items: [{ type: 'string' }], additionalItems: { type: 'number' } };
    assert.equal(outcomeOf(list, ['a', 1, 2]), 'valid');
    assert.equal(outcomeOf(list, ['a', 1, 'b']), 'invalid');
    assert.equal(outcomeOf({ type: 'STRING', nullable: true }, null), 'valid');
    assert.equal(outcomeOf({ type: 'STRING' }, null), 'invalid');
    assert.equal(outcomeOf({ definitions: { n: { type: 'number' } }, $ref: '#/definitions/n' }, 'a'), 'invalid');
  });

  it('is held against a schema of which a part is not what it should be', () => {
    const odd = { toString: 1 };
    const schema = {
      type: odd,
      $ref: odd,
      pattern: odd,
      format: odd,
      enum: odd,
      items: odd,
      required: odd,
      minimum: odd,
    };
    for (const value of ['x', 1, null, ['x'], {}])
      assert.equal(outcomeOf({ ...schema, enum: [value] }, value), 'valid');
    assert.equal(outcomeOf(schema, 1), 'invalid');
  });

  it('is held against a schema that names itself', () => {
    const tree = { type: 'object', properties: { next: { $ref: '#' }, name: { type: 'string' } }, required: ['name'] };
    assert.equal(outcomeOf(tree, { name: 'a', next: { name: 'b', next: { name: 'c' } } }), 'valid');
    assert.equal(outcomeOf(tree, { name: 'a', next: { name: 'b', next: {} } }), 'invalid');
  });

  it('says what was not looked at, and names nothing that only a client knows', () => {
    const schema = {
      $ref: 'https://example.com/schema',
      pattern: '(?=a)b',
      format: 'duration',
      unevaluatedProperties: false,
      secretWord: 1,
    };
    assert.deepEqual(checkJson(schema, ['x']), {
      outcome: 'valid',
      faults: [],
      unchecked: ['$ref', 'format', 'other', 'pattern'].concat('unevaluatedProperties'),
    });
  });

  it('has no fault where nobody can say', () => {
    const unable = { pattern: '(?=a)b' };
    for (const schema of [
      { not: unable },
      { oneOf: [unable, { type: 'string' }] },
      { oneOf: [unable, { type: 'number' }] },
      { anyOf: [unable, { type: 'number' }] },
      { if: unable, else: false },
      { not: { anyOf: [unable, { type: 'number' }] } },
    ]) {
      assert.equal(outcomeOf(schema, 'x'), 'valid', JSON.stringify(schema));
    }
    for (const schema of [
      { not: { anyOf: [unable, { type: 'string' }] } },
      { oneOf: [unable, { type: 'string' }, { minLength: 1 }] },
      { allOf: [unable, { type: 'number' }] },
    ]) {
      assert.equal(outcomeOf(schema, 'x'), 'invalid', JSON.stringify(schema));
    }
    assert.equal(outcomeOf({ contains: unable, maxContains: 1 }, ['x', 'y']), 'valid');
    assert.equal(outcomeOf({ contains: unable, minContains: 3 }, ['x', 'y']), 'invalid');
    assert.equal(checkJson({ not: { enum: ['a'] } }, ['[PHONE_1]'], { isStandIn }).outcome, 'valid');
  });

  it('has whole numbers that are multiples exactly, and others as near as doubles come', () => {
    assert.equal(outcomeOf({ multipleOf: 2 }, 9_007_199_254_740_991), 'invalid');
    assert.equal(outcomeOf({ multipleOf: 0.1 }, 0.3), 'valid');
    assert.equal(outcomeOf({ multipleOf: 0.01 }, 19.99), 'valid');
    assert.equal(outcomeOf({ multipleOf: 0.01 }, 19.9901), 'invalid');
    assert.equal(outcomeOf({ multipleOf: 0.3 }, 1_000_000_000.1), 'invalid');
  });

  it('leaves out what stands for a text that is not known here', () => {
    const schema = { type: 'string', pattern: String.raw`^\d{11}$`, enum: ['a'], maxLength: 3 };
    assert.equal(checkJson(schema, ['[PHONE_1]'], { isStandIn }).outcome, 'valid');
    assert.equal(checkJson(schema, ['[PHONE_1]']).outcome, 'invalid');
    assert.equal(checkJson({ type: 'number' }, ['[PHONE_1]'], { isStandIn }).outcome, 'invalid');
  });
});

describe('schemas that are made to hold up whoever reads them', () => {
  const many = Array.from({ length: 100_000 }, (_, at) => at);

  const schemas: Readonly<Record<string, readonly [JsonObject, Json]>> = {
    'endless references': [{ $ref: '#' }, 1],
    'references that go round': [
      { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } },
      1,
    ],
    'alternatives that double at each level': [
      { $ref: '#/$defs/l0', $defs: levels(60, (next) => ({ allOf: [next, next] })) },
      1,
    ],
    'a value that is nested deep': [{ items: { $ref: '#' } }, JSON.parse('['.repeat(5000) + ']'.repeat(5000)) as Json],
    'a schema that is nested deep': [JSON.parse('{"not":'.repeat(5000) + 'true' + '}'.repeat(5000)) as JsonObject, 1],
    'a pattern that would never end elsewhere': [{ pattern: '^([ab]*a[ab]{0,200})*c$' }, 'ab'.repeat(200_000)],
    'many things that may not be the same': [{ uniqueItems: true }, many.map((at) => [at])],
    'many names that have to be there': [
      { items: { required: many.slice(0, 20_000).map(String) } },
      many.map(() => ({})),
    ],
    'a list of values that is compared often': [{ items: { enum: many.slice(0, 20_000) } }, many.map(() => 'x')],
    'a long text that is counted often': [
      { allOf: Array.from({ length: 7000 }, () => ({ minLength: 1 })) },
      'x'.repeat(100_000),
    ],
    'many members that are counted often': [
      { allOf: Array.from({ length: 7000 }, () => ({ minProperties: 1 })) },
      Object.fromEntries(many.map((at) => [`m${at}`, at])),
    ],
    'many types': [{ items: { type: Array.from({ length: 25_000 }, () => 'null') } }, many],
    'patterns that take long to be read': [
      {
        allOf: Array.from({ length: 80 }, (_, at) => ({ pattern: `${String.raw`[\p{L}\p{N}\p{M}]`.repeat(50)}${at}` })),
      },
      'x',
    ],
    'patterns that become large': [
      { allOf: Array.from({ length: 700 }, (_, at) => ({ pattern: String.raw`(\w+|\W+){499}${at}` })) },
      'x',
    ],
    'a schema that is too long': [{ description: 'x'.repeat(1_000_000) }, 1],
  };

  const long = 'x'.repeat(100_000);
  const decided: Readonly<Record<string, readonly [JsonObject, Json]>> = {
    'a long reference': [
      { items: { $ref: `#/$defs/${long}` }, $defs: { [long]: { type: 'string' } } },
      many.slice(0, 3000),
    ],
    'a long name that has to be there': [{ items: { required: [long] } }, many.slice(0, 3000).map(() => ({}))],
    'a long text that has to be there': [{ items: { enum: [long] } }, many.slice(0, 3000)],
    'a long name on the way': [
      { properties: { [long]: { items: { type: 'string' } } } },
      { [long]: many.slice(0, 3000) },
    ],
  };

  for (const [what, [schema, value]] of Object.entries(decided)) {
    it(`cost little: ${what}`, () => {
      const startedAt = process.cpuUsage().user;
      const checked = checkJson(schema, [value]);
      const tookMs = (process.cpuUsage().user - startedAt) / 1000;
      assert.equal(checked.outcome, 'invalid');
      assert.ok('faults' in checked && JSON.stringify(checked.faults).length < 100_000);
      assert.ok(tookMs < 200, `${tookMs} ms`);
    });
  }

  it('has one measure for all of its values', () => {
    const schema = { allOf: Array.from({ length: 2000 }, () => ({ minLength: 1 })) };
    assert.equal(checkJson(schema, ['x']).outcome, 'valid');
    assert.equal(
      checkJson(
        schema,
        Array.from({ length: 128 }, () => 'x'),
      ).outcome,
      'undecided',
    );
  });

  for (const [what, [schema, value]] of Object.entries(schemas)) {
    it(`are given up: ${what}`, () => {
      const startedAt = process.cpuUsage().user;
      assert.equal(checkJson(schema, [value]).outcome, 'undecided');
      const tookMs = (process.cpuUsage().user - startedAt) / 1000;
      assert.ok(tookMs < 500, `${tookMs} ms`);
    });
  }
});

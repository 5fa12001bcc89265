import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from '../../../../test/support/fast-check.ts';
import { Vault } from './vault.ts';

const options = { secret: 'a secret of the gateway', scope: 'project', lasting: false };

const category = fc.constantFrom('PHONE', 'EMAIL', 'CARD', 'EMPLOYEE_ID', 'SECRET');
/** With what JSON escapes, and what may be taken for a mark. */
const value = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }),
  fc.stringMatching(/^1[3-9]\d{9}$/),
  fc.constantFrom('[PHONE_1]', 'a"b\\c\n', '【CARD_2】', 'x]y['),
);
const found = fc.array(fc.tuple(category, value), { minLength: 1, maxLength: 12 });
const lasting = fc.boolean();

const turn = (scope: string): Vault => new Vault({ ...options, scope, lasting: true });

describe('a vault', () => {
  it('gives each value back in the place of its mark, plain and in JSON', () => {
    fc.assert(
      fc.property(found, lasting, fc.string(), (all, isLasting, between) => {
        const vault = new Vault({ ...options, lasting: isLasting });
        for (const [, one] of all) vault.reserve(one);
        vault.reserve(between);
        const first = new Map<string, string>();
        const said: string[] = [];
        const marked: string[] = [];
        for (const [kind, one] of all) {
          const mark = vault.mark(kind, one);
          if (!first.has(mark)) first.set(mark, one);
          marked.push(mark);
          said.push(first.get(mark) ?? '');
        }
        assert.equal(vault.restore(marked.join(between)), said.join(between));
        assert.equal(vault.restore(marked.join('').toLowerCase()), said.join(''));
        assert.equal(vault.restore(marked.map((mark) => `【${mark.slice(1, -1)}】`).join('')), said.join(''));
        const json = JSON.stringify({ a: marked });
        assert.deepEqual(JSON.parse(vault.restoreJson(json)), { a: said });
      }),
    );
  });

  it('has the same mark for the same value and no other, whatever the client wrote itself', () => {
    fc.assert(
      fc.property(
        found,
        lasting,
        fc.array(fc.constantFrom('PHONE_1', 'card_2', 'PHONE_2', 'SECRET_1')),
        (all, isLasting, own) => {
          const vault = new Vault({ ...options, lasting: isLasting });
          vault.reserve(own.map((name) => `[${name}]`).join(' and '));
          const marks = new Map<string, string>();
          for (const [kind, one] of all) {
            const mark = vault.mark(kind, one);
            assert.equal(vault.mark(kind, one), mark);
            assert.ok(!own.some((name) => `[${name}]`.toUpperCase() === mark));
            marks.set(`${kind} ${one}`, mark);
          }
          for (const name of own) assert.equal(vault.restore(`[${name}]`), `[${name}]`);
        },
      ),
    );
  });

  it('takes a value out however it is written, and gives back the form that came first', () => {
    const vault = new Vault(options);
    const mark = vault.mark('PHONE', '138 0013 8000');
    assert.equal(mark, '[PHONE_1]');
    assert.equal(vault.mark('PHONE', '138-0013-8000'), mark);
    assert.equal(vault.mark('PHONE', '13800138001'), '[PHONE_2]');
    assert.equal(vault.restore(mark), '138 0013 8000');
    assert.equal(vault.conceal('138-0013-8000 or 138 0013 8000'), '[PHONE_1] or [PHONE_1]');
  });

  it('conceals every value, plain, in JSON and in JSON within JSON', () => {
    const whole = fc.array(fc.tuple(category, fc.string({ minLength: 4, maxLength: 30 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(whole, fc.string(), (all, around) => {
        const vault = new Vault(options);
        for (const [kind, one] of all) vault.mark(kind, one);
        const inner = JSON.stringify(all.map(([, one]) => `${around}${one}`));
        const text = JSON.stringify({ inner, all: all.map(([, one]) => one) });
        const shown = vault.conceal(text);
        for (const [, one] of all) {
          const rest = shown
            .replaceAll(/\[[A-Z_]+_\d+\]/g, '\0')
            .split('\0')
            .map((part) => part.replaceAll(around, ''));
          assert.ok(
            !rest.some((part) => part.includes(one) && !JSON.stringify({ inner: '', all: [] }).includes(one)),
            shown,
          );
        }
      }),
    );
  });

  it('conceals long values, of which each piece is looked for', () => {
    const vault = new Vault(options);
    const key = Array.from({ length: 2000 }, (_, at) => `line ${at}`).join('\n');
    const mark = vault.mark('PRIVATE_KEY', key);
    assert.equal(vault.conceal(`a${key}b`), `a${mark}b`);
    assert.equal(vault.conceal(JSON.stringify({ key })), JSON.stringify({ key: mark }));
  });

  it('holds back just what may begin a mark', () => {
    fc.assert(
      fc.property(found, lasting, fc.nat(), (all, isLasting, pick) => {
        const vault = new Vault({ ...options, lasting: isLasting });
        const marks = all.map(([kind, one]) => vault.mark(kind, one));
        const mark = marks[pick % marks.length] ?? '';
        for (let end = 1; end < mark.length; end += 1) {
          assert.equal(vault.heldOf(`said ${mark.slice(0, end)}`), end);
          assert.equal(vault.heldOf(`said ${mark.slice(0, end).toLowerCase()}`), end);
          assert.equal(vault.heldOf(`said ${mark.slice(0, end).replace('[', '【')}`), end);
        }
        assert.equal(vault.heldOf(`said ${mark}`), 0);
        assert.equal(vault.heldOf('a list: [1, 2'), 0);
        assert.equal(vault.heldOf('[Zebra'), 0);
      }),
    );
    assert.equal(new Vault(options).heldOf('['), 0);
  });

  it('gives nothing back of what is erased', () => {
    const vault = new Vault(options);
    const mark = vault.erase('PHONE', '13800138000');
    assert.equal(mark, '[PHONE]');
    assert.ok(vault.isEmpty);
    assert.equal(vault.restore('[PHONE] [PHONE_1]'), '[PHONE] [PHONE_1]');
    assert.equal(vault.conceal('13800138000'), '[PHONE]');
  });

  it('has marks that last over the turns of a conversation, of its project and nobody else', () => {
    const [first, second, other] = [turn('a'), turn('a'), turn('b')];
    first.mark('PHONE', '13800138001');
    const mark = first.mark('PHONE', '13800138000');
    assert.match(mark, /^\[PHONE_[A-Z2-7]{6}\]$/);
    assert.equal(second.mark('PHONE', '138 0013 8000'), mark);
    assert.notEqual(other.mark('PHONE', '13800138000'), mark);
  });

  it('keeps so many values; what comes after them is replaced for good', () => {
    const vault = new Vault(options);
    for (let at = 0; at < 10_000; at += 1) vault.mark('PHONE', String(13_800_000_000 + at));
    assert.equal(vault.isOver, false);
    assert.equal(vault.mark('PHONE', '13900000000'), '[PHONE]');
    assert.equal(vault.isOver, true);
    assert.equal(vault.mark('PHONE', '13800000000'), '[PHONE_1]');
  });

  it('does not let a client that writes every mark choose one', () => {
    const vault = new Vault(options);
    vault.reserve(Array.from({ length: 10_000 }, (_, at) => `[PHONE_${at + 1}]`).join(''));
    assert.match(vault.mark('PHONE', '13800138000'), /^\[PHONE_[A-Z2-7]{6}\]$/);
  });
});

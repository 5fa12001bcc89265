import { type Random, seededRandom } from '../../../src/models/simulator/random.ts';
import type { Sample, Span } from './spans.ts';

const two = (value: number): string => String(value).padStart(2, '0');

class Maker {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  int(from: number, to: number): number {
    return from + Math.floor(this.#random() * (to - from + 1));
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.int(0, items.length - 1)] ?? items[0];
  }

  digits(length: number): string {
    return Array.from({ length }, () => this.int(0, 9)).join('');
  }

  date(): string {
    return `${this.int(1950, 2010)}${two(this.int(1, 12))}${two(this.int(1, 28))}`;
  }
}

const HEADS = [
  '130',
  '131',
  '135',
  '138',
  '139',
  '147',
  '150',
  '152',
  '159',
  '166',
  '176',
  '177',
  '182',
  '188',
  '189',
  '191',
  '198',
  '199',
] as const;
const REGIONS = [
  '110101',
  '310104',
  '440305',
  '320106',
  '330102',
  '510104',
  '420111',
  '610113',
  '230103',
  '530102',
] as const;
const ISSUERS = ['622202', '621700', '622588', '625965', '436742', '524094', '356833', '955880', '621661'] as const;

function idCheck(digits: string): string {
  let sum = 0;
  for (let at = 0; at < 17; at += 1) sum += Number(digits[at]) * (2 ** (17 - at) % 11);
  return '10X98765432'[sum % 11] ?? '';
}

function luhnCheck(digits: string): string {
  for (let check = 0; check < 10; check += 1) {
    let sum = check;
    for (const [at, sign] of digits.split('').toReversed().entries()) {
      const value = Number(sign) * (at % 2 === 0 ? 2 : 1);
      sum += value > 9 ? value - 9 : value;
    }
    if (sum % 10 === 0) return String(check);
  }
  return '';
}

const phone = (make: Maker): string => make.pick(HEADS) + make.digits(8);
function residentId(make: Maker): string {
  const digits = make.pick(REGIONS) + make.date() + make.digits(3);
  return digits + idCheck(digits);
}
function card(make: Maker): string {
  const issuer = make.pick(ISSUERS);
  const length = issuer.startsWith('62') || issuer.startsWith('9') ? make.pick([16, 19]) : 16;
  const digits = issuer + make.digits(length - 7);
  return digits + luhnCheck(digits);
}

const wide = (text: string): string =>
  text.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
const circled = (text: string): string =>
  text.replaceAll(/(?<=^(?:..){0,9}.)[1-9]/g, (digit) => String.fromCharCode(0x245f + Number(digit)));
const grouped = (text: string, sizes: readonly number[], between: string): string => {
  let from = 0;
  return sizes
    .map((size) => text.slice(from, (from += size)))
    .concat(text.slice(from))
    .filter(Boolean)
    .join(between);
};

type Write = (make: Maker) => string;

const WRITTEN: Readonly<Record<string, Write>> = {
  PHONE: (make) => {
    const number = phone(make);
    return make.pick<() => string>([
      () => number,
      () => number,
      () => grouped(number, [3, 4], ' '),
      () => grouped(number, [3, 4], '-'),
      () => `+86 ${number}`,
      () => `86-${number}`,
      () => `+86${number}`,
      () => wide(number),
      () => `${number.slice(0, 5)}\u200b${number.slice(5)}`,
      () => grouped(number, [3, 4], '·'),
      () => circled(number),
    ])();
  },
  RESIDENT_ID: (make) => {
    const number = residentId(make);
    return make.pick<() => string>([
      () => number,
      () => number,
      () => number.toLowerCase(),
      () => grouped(number, [6, 8], ' '),
      () => wide(number),
    ])();
  },
  CARD: (make) => {
    const number = card(make);
    return make.pick<() => string>([
      () => number,
      () => grouped(number, [4, 4, 4, 4], ' '),
      () => (number.length === 16 ? grouped(number, [4, 4, 4], '-') : number),
      () => wide(number),
    ])();
  },
};

const SENTENCES: Readonly<Record<string, readonly [string, ...string[]]>> = {
  PHONE: [
    '我的手机号是{}，有事打给我。',
    '请联系{}王经理',
    '{}，收件人李雷',
    '电话：{}',
    '麻烦把材料发我，{}',
    '帮我给{}发条短信',
    '家里没人，就打{}吧！',
    '{"mobile":"{}"}',
    '张三\n{}\n北京',
    '他留的是{}这个号',
    '微信同号v{}',
    '王经理 {}/李雷',
    'https://example.com/?tel={}%20name',
  ],
  RESIDENT_ID: [
    '身份证号{}，请核对。',
    '本人{}申请办理',
    '证件号码：{}',
    '乘客：韩梅梅 {}',
    '{"id_no":"{}"}',
    '系统里查到的是{}吗？',
    '投保人信息 {} 男',
    '我是{}',
    '身份证ID{}',
    '{}-本人',
  ],
  CARD: [
    '请转到{}这张卡',
    '卡号{}，开户行工商银行',
    '银行卡：{}。',
    '退款打到{}，谢谢',
    '{"bank_no":"{}"}',
    '收款账户 {} 户名王伟',
    '我的储蓄卡是{}',
    '{}（招商银行）',
  ],
};

/** What looks like one of them, and is none. */
const NEAR_MISSES: readonly [Write, ...Write[]] = [
  (make) => `订单号${make.int(2018, 2026)}${make.digits(4)}${make.digits(make.int(8, 12))}已发货`,
  (make) => `您的订单 ${make.digits(4)}-${make.digits(7)}-${make.digits(7)} 已签收`,
  (make) => {
    const number = residentId(make);
    return `编码${number.slice(0, 17)}${number.endsWith('5') ? '6' : '5'}有误`;
  },
  (make) => `号码 ${make.pick(REGIONS)}${make.int(1950, 2010)}13${make.int(32, 99)}${make.digits(4)} 无法识别`,
  (make) => {
    const number = card(make);
    return `核对 ${number.slice(0, -1)}${(Number(number.at(-1)) + make.int(1, 9)) % 10} 失败`;
  },
  (make) => `快递单号SF${make.digits(13)}，请查收`,
  (make) => `运单${make.pick(['YT', 'ZTO', 'JD', 'EMS'])}${make.digits(make.int(10, 15))}派送中`,
  (make) =>
    `会议时间 ${make.int(2020, 2026)}-0${make.int(1, 9)}-${make.int(10, 28)} ${make.int(10, 23)}:${make.int(10, 59)}`,
  (make) => `时间戳 ${make.int(15, 17)}${make.digits(11)} 毫秒`,
  (make) => `合同金额为${make.int(1, 9)},${make.digits(3)},${make.digits(3)}.${make.digits(2)}元`,
  (make) => `总价${make.pick(HEADS)}${make.digits(8)}元`,
  (make) => `版本 ${make.int(1, 20)}.${make.int(0, 30)}.${make.int(0, 99)}，构建 ${make.digits(8)}`,
  (make) => `热线 12${make.digits(3)}，分机 ${make.digits(4)}`,
  (make) => `编号12${make.digits(9)}`,
  (make) => `条码69${make.digits(11)}`,
  (make) => `流水号${make.digits(24)}`,
  (make) => `坐标 ${make.int(100, 125)}.${make.digits(8)}, ${make.int(20, 45)}.${make.digits(8)}`,
  (make) => `哈希 a${make.pick(HEADS)}${make.digits(8)}f${make.digits(12)}`,
  (make) => `设备号 ${make.pick(HEADS)}${make.digits(8)}${make.digits(1)}`,
  (make) => `数据 ${Array.from({ length: 8 }, () => make.int(0, 9998)).join(' ')}`,
  (make) => `call setTimeout(fn, ${make.int(100_000, 9_000_000)})`,
  (make) => `零件 rev E${make.digits(8)}`,
  (make) => `工单${make.pick(HEADS)}${make.digits(8)}已关闭`,
];

export const CHINESE = ['PHONE', 'RESIDENT_ID', 'CARD'] as const;

/** Sentences with one or two of them, and as many with what only looks so. */
export function chineseSamples(count: number): Sample[] {
  const make = new Maker(20_261_122);
  return Array.from({ length: count }, (_none, at) => {
    if (at % 2 === 1) {
      const text =
        make.int(0, 2) === 0
          ? `${make.pick(NEAR_MISSES)(make)}；${make.pick(NEAR_MISSES)(make)}`
          : make.pick(NEAR_MISSES)(make);
      return { text, gold: [], apart: [] };
    }
    let text = '';
    const gold: Span[] = [];
    const parts = make.int(1, 2);
    for (let part = 0; part < parts; part += 1) {
      const entity = make.pick(CHINESE);
      const value = WRITTEN[entity]?.(make) ?? '';
      const sentence = make.pick(SENTENCES[entity] ?? ['{}']);
      const start = text.length + sentence.lastIndexOf('{}');
      text += `${sentence.slice(0, sentence.lastIndexOf('{}'))}${value}${sentence.slice(sentence.lastIndexOf('{}') + 2)} `;
      gold.push({ entity, start, end: start + value.length });
    }
    if (make.int(0, 3) === 0) text += make.pick(NEAR_MISSES)(make);
    return { text, gold, apart: [] };
  });
}

import { type Random, integerBetween } from '../src/models/simulator/random.ts';

export type Language = 'en' | 'zh';

/** Frequent ones first: a word comes the more often the further in front it stands. */
const ENGLISH =
  'the of and to in is that for it with as was on be by at are this from or have an they which one you had not but what all were when we there can said use each time will about many then them write would like so these her long make thing see him two has look more day could go come did number sound no most people my over know water than call first who may down side been now find any new work part take get place made live where after back little only round man year came show every good me give our under name very through just form sentence great think say help low line differ turn cause much mean before move right boy old too same tell does set three want air well also play small end put home read hand port large spell add even land here must big high such follow act why ask men change went light kind off need house picture try us again animal point mother world near build self earth father invoice refund delivery contract summary translate database server latency budget token prompt answer question customer support ticket order account payment report'.split(
    ' ',
  );
const CHINESE =
  '我们 可以 一个 问题 用户 请问 如何 使用 系统 数据 模型 回答 需要 时间 服务 客户 订单 信息 支持 帮助 处理 发票 退款 合同 物流 账户 支付 报告 分析 总结 翻译 代码 接口 请求 错误 超时 预算 成本 会议 记录 产品 价格 质量 安全 网络 城市 天气 学习 历史 文化 经济 技术 研究 开发 测试 部署 监控 人工智能 机器学习 自然语言 知识图谱 数据仓库 客户服务 供应链条 财务报表'.split(
    ' ',
  );
const PER_SENTENCE = 12;

/**
 * Text to cut bodies from, so that a million bodies cost no more than copies. In it stands nothing that JSON escapes,
 * and in the Chinese one only characters of three bytes, so it may be cut nearly anywhere.
 */
export class TextPool {
  readonly #pools: Readonly<Record<Language, Buffer>>;

  constructor(random: Random, bytes: number) {
    this.#pools = { en: english(random, bytes), zh: chinese(random, bytes) };
  }

  /** About so many bytes, from anywhere in the pool, at most a quarter of it. */
  cut(random: Random, language: Language, bytes: number): Buffer {
    const pool = this.#pools[language];
    const unit = language === 'zh' ? 3 : 1;
    const length = unit * Math.max(1, Math.floor(Math.min(bytes, pool.length / 4) / unit));
    const start = unit * integerBetween(random, 0, Math.floor((pool.length - length) / unit));
    return pool.subarray(start, start + length);
  }
}

function english(random: Random, bytes: number): Buffer {
  const words: string[] = [];
  for (let length = 0, at = 1; length < bytes; at += 1) {
    const word = wordOf(random, ENGLISH) + (at % PER_SENTENCE === 0 ? '.' : '');
    words.push(word);
    length += word.length + 1;
  }
  return Buffer.from(words.join(' '));
}

function chinese(random: Random, bytes: number): Buffer {
  const words: string[] = [];
  for (let length = 0, at = 1; length < bytes; at += 1) {
    const word = wordOf(random, CHINESE) + (at % PER_SENTENCE === 0 ? '。' : '');
    words.push(word);
    length += word.length * 3;
  }
  return Buffer.from(words.join(''));
}

/** The square prefers the first ones, as languages do. */
function wordOf(random: Random, words: readonly string[]): string {
  return words[Math.floor(random() ** 2 * words.length)] ?? '';
}

import { EVENT_KINDS } from '../../events/event.ts';

export type Language = 'en' | 'zh';

/** What a message says, in one language. Numbers come with their units. */
export interface Words {
  readonly states: Readonly<Record<'firing' | 'resolved' | 'test', string>>;
  readonly severities: Readonly<Record<'info' | 'warning' | 'critical', string>>;
  /** What the first part of a subject means: `model:chat`. */
  readonly subjects: Readonly<Record<string, string>>;
  readonly labels: Readonly<
    Record<'alert' | 'severity' | 'subject' | 'value' | 'above' | 'window' | 'requests' | 'at', string>
  >;
  /** By the type of a rule, or the kind of an event. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly test: string;
  /** Between a label and what it stands for. */
  readonly colon: string;
}

const EN: Words = {
  states: { firing: 'Alert', resolved: 'Resolved', test: 'Test' },
  severities: { info: 'info', warning: 'warning', critical: 'critical' },
  subjects: { model: 'model', target: 'target', provider: 'provider', project: 'project', all: 'all requests' },
  labels: {
    alert: 'Alert',
    severity: 'Severity',
    subject: 'About',
    value: 'Now',
    above: 'Limit',
    window: 'Over',
    requests: 'Requests',
    at: 'Time',
  },
  kinds: {
    ...EVENT_KINDS,
    'error-rate': 'too many requests fail',
    latency: 'answers take too long',
    ttft: 'streamed answers begin too late',
    cost: 'too much is spent',
    queue: 'too many requests wait',
    breaker: 'a target fails and is left alone',
    'provider-keys': 'a provider refuses a key',
  },
  test: 'this channel works',
  colon: ': ',
};

const ZH: Words = {
  states: { firing: '告警', resolved: '恢复', test: '测试' },
  severities: { info: '提示', warning: '警告', critical: '严重' },
  subjects: { model: '模型', target: '目标', provider: '供应商', project: '项目', all: '全部请求' },
  labels: {
    alert: '规则',
    severity: '级别',
    subject: '对象',
    value: '当前值',
    above: '阈值',
    window: '统计时段',
    requests: '请求数',
    at: '时间',
  },
  kinds: {
    ...EVENT_KINDS,
    'error-rate': '请求失败过多',
    latency: '响应耗时过长',
    ttft: '首个 token 延迟过高',
    cost: '费用过高',
    queue: '排队请求过多',
    breaker: '目标故障，已熔断',
    'provider-keys': '供应商拒绝了密钥',
    budget_threshold: '预算已达到阈值',
    suspicious_use: '客户端的使用方式可疑',
    counters_degraded: '限流与预算的共享计数器没有响应',
    objective_burn: '服务目标的错误预算消耗过快',
    prompt_cache_fell: '供应商提示词缓存的命中率大幅下降',
    canary_rolled_back: '灰度发布使指标变差，已自动回滚',
    canary_promoted: '灰度发布已进入下一步或全量',
    canary_holding: '灰度发布已暂停，等待人工决定',
    experiment_verdict: '实验已有结论',
    sample_ratio_mismatch: '实验或灰度的分流比例与计划不符',
    shadow_budget_spent: '影子流量的预算已用完',
    review_waiting: '有请求或回答等待人工审核',
    guard_failing: '安全防护无法正常工作',
    sign_in_failed: '有人用错误的密钥反复尝试登录',
    audit_failed: '有更改未能写入审计日志',
  },
  test: '此渠道工作正常',
  colon: '：',
};

export const WORDS: Readonly<Record<Language, Words>> = { en: EN, zh: ZH };

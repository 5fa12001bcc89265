import type { signIn as english } from '../en/sign-in.ts';

export const signIn: typeof english = {
  title: '登录 Causeway',
  lead: '供网关的运维人员使用。',
  key: '管理员密钥或操作员密钥',
  keyHint: '管理员密钥在首次启动时打印，或为 CAUSEWAY_ADMIN_KEY 的值。',
  show: '显示密钥',
  hide: '隐藏密钥',
  submit: '登录',
  or: '或',
  sso: '使用 {{name}} 登录',
  ended: '会话已结束，请重新登录以继续。',
  wrongKey: '密钥不正确，或已被吊销、已过期。',
  tooMany: '错误尝试次数过多，请稍后再试。',
  clientKey: '这是客户端密钥（cw-…），用于调用模型。登录控制台请使用管理员密钥或操作员密钥（cwo-…）。',
  noAnswer: '网关没有响应。（{{message}}）',
};

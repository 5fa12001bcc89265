import { type Static, Type } from 'typebox';

import { BaseUrl, Secret, Text, byType, section, typeWord } from '../../../config/fields.ts';

const baseUrl = Type.Optional(BaseUrl({ description: 'Where it is reached, in place of its usual address.' }));

const AliyunSettings = section({
  type: typeWord('aliyun', { description: 'Aliyun Content Moderation (text moderation plus).' }),
  accessKeyId: Text({ description: 'The access key’s id.', examples: ['${ALIBABA_CLOUD_ACCESS_KEY_ID}'] }),
  accessKeySecret: Secret({ description: 'Its secret.', examples: ['${ALIBABA_CLOUD_ACCESS_KEY_SECRET}'] }),
  region: Text({ description: 'The region.', default: 'cn-shanghai' }),
  service: Text({ description: 'The service that is asked about requests.', default: 'llm_query_moderation' }),
  outputService: Text({ description: 'The service that is asked about answers.', default: 'llm_response_moderation' }),
  baseUrl,
});
const TencentSettings = section({
  type: typeWord('tencent', { description: 'Tencent Cloud Text Moderation System.' }),
  secretId: Text({ description: 'The secret’s id.', examples: ['${TENCENTCLOUD_SECRET_ID}'] }),
  secretKey: Secret({ description: 'Its key.', examples: ['${TENCENTCLOUD_SECRET_KEY}'] }),
  region: Text({ description: 'The region.', default: 'ap-guangzhou' }),
  bizType: Type.Optional(Text({ description: 'The policy that was made in its console.' })),
  baseUrl,
});

export const ServiceSettings = byType([AliyunSettings, TencentSettings]);
export type ServiceSettings = Static<typeof ServiceSettings>;
export type AliyunSettings = Static<typeof AliyunSettings>;
export type TencentSettings = Static<typeof TencentSettings>;

import { useTranslation } from 'react-i18next';

const TYPES = ['webhook', 'slack', 'feishu', 'dingtalk', 'wecom', 'email'] as const;

export function ChannelType({ type }: { readonly type: string }) {
  const { t } = useTranslation('alerts');
  const known = TYPES.find((one) => one === type);
  return <>{known === undefined ? type : t(`channelTypes.${known}`)}</>;
}

/** Words that stand for numbers. `one` and `first` are not among them: they are pronouns and fillers more often. */
export const NUMBER_WORDS: ReadonlyMap<string, number> = new Map([
  ['zero', 0],
  ['two', 2],
  ['three', 3],
  ['four', 4],
  ['five', 5],
  ['six', 6],
  ['seven', 7],
  ['eight', 8],
  ['nine', 9],
  ['ten', 10],
  ['eleven', 11],
  ['twelve', 12],
  ['thirteen', 13],
  ['fourteen', 14],
  ['fifteen', 15],
  ['sixteen', 16],
  ['seventeen', 17],
  ['eighteen', 18],
  ['nineteen', 19],
  ['twenty', 20],
  ['thirty', 30],
  ['forty', 40],
  ['fifty', 50],
  ['sixty', 60],
  ['seventy', 70],
  ['eighty', 80],
  ['ninety', 90],
  ['hundred', 100],
  ['thousand', 1000],
  ['million', 1_000_000],
  ['billion', 1_000_000_000],
  ['dozen', 12],
  ['twice', 2],
  ['third', 3],
  ['fourth', 4],
  ['fifth', 5],
]);

/** Days and months, in their short forms; `may`, `march` and the like are dates only beside a number. */
export const DATE_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    monday: 'mon',
    tuesday: 'tue',
    wednesday: 'wed',
    thursday: 'thu',
    friday: 'fri',
    saturday: 'sat',
    sunday: 'sun',
    january: 'm1',
    february: 'm2',
    april: 'm4',
    june: 'm6',
    july: 'm7',
    august: 'm8',
    september: 'm9',
    october: 'm10',
    november: 'm11',
    december: 'm12',
    jan: 'm1',
    feb: 'm2',
    apr: 'm4',
    jun: 'm6',
    jul: 'm7',
    aug: 'm8',
    sept: 'm9',
    oct: 'm10',
    nov: 'm11',
    dec: 'm12',
    today: 'today',
    tonight: 'today',
    tomorrow: 'tomorrow',
    yesterday: 'yesterday',
    weekend: 'weekend',
    christmas: 'christmas',
    easter: 'easter',
    今天: 'today',
    今日: 'today',
    今晚: 'today',
    明天: 'tomorrow',
    明日: 'tomorrow',
    昨天: 'yesterday',
    昨日: 'yesterday',
    前天: 'before-yesterday',
    后天: 'after-tomorrow',
    去年: 'last-year',
    今年: 'this-year',
    明年: 'next-year',
    上周: 'last-week',
    本周: 'this-week',
    这周: 'this-week',
    下周: 'next-week',
    上个月: 'last-month',
    上月: 'last-month',
    这个月: 'this-month',
    本月: 'this-month',
    下个月: 'next-month',
    下月: 'next-month',
  }),
);

/** Units by what they measure: only those of one kind exclude each other. */
const UNITS: Readonly<Record<string, readonly string[]>> = {
  currency: [
    'usd $ dollar dollars 美元 美金',
    'eur € euro euros 欧元',
    'gbp £ pound pounds sterling 英镑',
    'cny rmb yuan 元 块钱 人民币',
    'jpy yen 日元',
    'inr ₹ rupee rupees',
    'aud',
    'cad',
    'chf franc francs',
    'hkd 港币 港元',
    'btc bitcoin bitcoins',
    'eth ethereum',
    'krw won 韩元',
    'rub ruble rubles 卢布',
  ],
  length: [
    'mm millimeter millimeters millimetre millimetres 毫米',
    'cm centimeter centimeters centimetre centimetres 厘米',
    'meter meters metre metres',
    'km kilometer kilometers kilometre kilometres 公里 千米',
    'inch inches 英寸',
    'foot feet 英尺',
    'yard yards',
    'mile miles 英里',
  ],
  weight: [
    'mg milligram milligrams 毫克',
    'gram grams',
    'kg kilo kilos kilogram kilograms 公斤 千克',
    'lb lbs',
    'oz ounce ounces',
    'ton tons tonne tonnes 吨',
  ],
  volume: ['ml milliliter milliliters 毫升', 'liter liters litre litres', 'gallon gallons 加仑', 'cup cups'],
  temperature: ['celsius °c ℃ 摄氏', 'fahrenheit °f ℉ 华氏', 'kelvin'],
  data: ['kb kilobyte kilobytes', 'mb megabyte megabytes', 'gb gigabyte gigabytes', 'tb terabyte terabytes'],
  speed: ['mph', 'kph kmh km/h', 'knots'],
};

/** A unit's word → `[what it measures, its name]`. */
export const UNIT_WORDS: ReadonlyMap<string, readonly [string, string]> = new Map(
  Object.entries(UNITS).flatMap(([kind, units]) =>
    units.flatMap((words) => {
      const names = words.split(' ');
      return names.map((word) => [word, [kind, names[0] ?? word]] as const);
    }),
  ),
);

/** Left and right exclude each other; each side is one or more words. */
const OPPOSITES =
  'on|off enable,enabled,enabling,activate|disable,disabled,disabling,deactivate before|after increase,raise|decrease,reduce,lower ' +
  'open,opening|close,closing start,starting|stop,stopping,end login|logout incoming|outgoing send,sending,sent|receive,receiving,received ' +
  'buy,buying|sell,selling deposit,deposits|withdraw,withdrawal,withdrawals upload,uploading|download,downloading ' +
  'import,importing|export,exporting install,installing|uninstall,uninstalling,remove add,adding|remove,removing,delete,deleting ' +
  'encrypt|decrypt encode|decode lock|unlock block|unblock minimum,min,least|maximum,max,most cheapest|dearest,expensive ' +
  'first|last public|private true|false allow,allowed|deny,forbid,forbidden,prohibit accept|reject,decline win|lose ' +
  'above,over|below,under hot|cold left|right north|south east|west male|female input|output read|write load|save ' +
  'push|pull ascending|descending horizontal|vertical row,rows|column,columns physical|virtual credit|debit lend|borrow ' +
  'arrive,arrival|depart,departure best|worst largest,biggest|smallest legal|illegal possible|impossible safe|unsafe,dangerous ' +
  'subscribe|unsubscribe follow|unfollow freeze|unfreeze up|down client|server inside|outside';

const CHINESE_OPPOSITES =
  '打开,开启,启用|关闭,禁用,停用 之前,以前|之后,以后 增加,提高|减少,降低 买|卖 上传|下载 导入|导出 安装|卸载 添加,新增|删除,移除 登录|退出,注销 ' +
  '最大|最小 最高|最低 最多|最少 公开|私有 允许|禁止 接受|拒绝 加密|解密 锁定|解锁 开始|结束 收到,接收|发送 存款|取款 充值|提现 订阅|退订 ' +
  '左|右 升序|降序 安全|危险 合法|非法 赢|输 进口|出口 借入|借出 上涨|下跌 热|冷 男|女';

export interface Opposites {
  readonly one: ReadonlySet<string>;
  readonly other: ReadonlySet<string>;
}

function opposites(list: string): Opposites[] {
  return list.split(' ').map((pair) => {
    const [one = '', other = ''] = pair.split('|');
    return { one: new Set(one.split(',')), other: new Set(other.split(',')) };
  });
}

export const ENGLISH_PAIRS: readonly Opposites[] = opposites(OPPOSITES);
export const CHINESE_PAIRS: readonly Opposites[] = opposites(CHINESE_OPPOSITES);

/** Function words that tell languages of the Latin script apart. Words that two of them share are left out. */
const FUNCTION_WORDS: Readonly<Record<string, string>> = {
  en: 'the is are what how why can does do my your of and to with this that i it for when where should would',
  de: 'der das und ist nicht ich wie kann ein eine mit für auf dem den zu warum mein meine sie wann wo',
  fr: 'le les est et je une des pas pour que qui dans avec mon ma sur comment pourquoi puis où quand',
  es: 'el los las es y yo un por que para con mi como cómo puedo por qué dónde cuándo del está',
  it: 'il gli è e io uno per che con mio come perché posso dove quando della sono',
  pt: 'o os as é e eu um uma para com meu minha como posso por onde quando não da do',
};

export const LANGUAGE_OF_WORD: ReadonlyMap<string, readonly string[]> = wordsByLanguage();

function wordsByLanguage(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [language, words] of Object.entries(FUNCTION_WORDS)) {
    for (const word of new Set(words.split(' '))) found.set(word, [...(found.get(word) ?? []), language]);
  }
  return found;
}

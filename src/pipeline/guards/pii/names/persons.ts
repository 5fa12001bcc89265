import { RANK, type Recogniser } from '../text/sight.ts';

/** A name as it is written in Latin letters: one to four words, with particles between them. */
const WORD = String.raw`[A-Z\u00C0-\u00DE][a-z\u00DF-\u024F]{1,20}(?:['’-][A-Z\u00C0-\u00DE][a-z\u00DF-\u024F]{1,20})?`;
const NAME = String.raw`(?:${WORD}|[A-Z]\.)(?: (?:(?:de|da|di|du|van|von|der|den|bin|al|el|la) ){0,2}(?:${WORD}|[A-Z]\.?(?![A-Za-z]))){0,3}`;

const TITLED = new RegExp(
  String.raw`(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Madam|Mx|Herr|Frau|Monsieur|Madame|Señora?)\.? (${NAME})`,
  'g',
);
const INTRODUCED = new RegExp(
  String.raw`(?<![A-Za-z])(?:[Mm]y name is|[Nn]ame is|I am|I['’]m|[Tt]his is|[Cc]all me|[Nn]amed|[Nn]ame:|NAME:|[Dd]ear|[Hh]i|[Hh]ello|[Rr]egards,|[Ss]incerely,|[Cc]heers,|[Tt]hanks,|[Ss]igned,|[Aa]ttn:?|[Pp]atient|[Cc]ustomer)[ \n]{1,2}(${NAME})`,
  'g',
);
/** What follows the same words without being a name. */
const NO_NAME =
  /^(?:Mr|Mrs|Ms|Miss|Dr|Prof|The|This|That|There|Here|Sir|Madam|Team|All|Everyone|Customer|Support|Not|Very|So|Just|Sorry|Glad|Happy|Sure|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|September|October|November|December|English|American|British|Chinese|German|French|Spanish|Italian|Russian|Dutch|Swedish|Service|Number|Name|Id|ID|How|What|Why|When|Where|Can|Could|Please|You|We|It|In|On|At|If|My|Our|Your)\b/;

/** The surnames that most people have, of two signs first. */
const SURNAMES =
  '欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|端木|东方|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董潘袁于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤張劉陳楊黃趙吳孫馬鄭謝羅許韓馮鄧蕭葉蘇魏盧鍾譚陸賈鄒龍顧錢嚴湯]';
const GIVEN = String.raw`[\u4E00-\u9FFF]{1,2}`;
const HAN_NAMED = new RegExp(
  String.raw`(?:姓名|联系人|收件人|收货人|寄件人|经办人|负责人|申请人|患者|客户|我叫|名叫|名字是|名字叫|叫做|户名|持卡人|本人)(?:是|为|[:：])? {0,2}((?:${SURNAMES})${GIVEN})(?=[^\u4E00-\u9FFF]|$|先生|女士|小姐|的|在|于|是|和|与|来|今|住|电|手|身|性|年|男|女)`,
  'g',
);
const HAN_TITLED = new RegExp(
  String.raw`((?:${SURNAMES})(?:[\u4E00-\u9FFF]{0,2}?))(?:先生|女士|小姐|老师|医生|教授|同学|经理|主任|律师|师傅|阿姨|叔叔)`,
  'g',
);

/** Names of persons where the words beside them say so. Rules find only some of them. */
export const personRecogniser: Recogniser = (sight) => {
  const { text } = sight;
  for (const [form, score] of FORMS) {
    for (const match of text.matchAll(form)) {
      const [all, name = ''] = match;
      if (NO_NAME.test(name)) continue;
      const start = match.index + all.indexOf(name, form === HAN_TITLED ? 0 : 1);
      sight.add(start, start + name.length, 'PERSON', score, RANK.guess);
    }
  }
};

const FORMS: readonly (readonly [form: RegExp, score: number])[] = [
  [TITLED, 0.8],
  [INTRODUCED, 0.6],
  [HAN_NAMED, 0.8],
  [HAN_TITLED, 0.6],
];

import { RANK, type Recogniser, type Sight } from '../text/sight.ts';

const HAN = String.raw`\u4E00-\u9FFF`;
/** From the road or the place to the room; what stands before it is read backwards. */
const CHINESE = new RegExp(
  String.raw`(?:路|街|大道|巷|弄|胡同|村|里|小区|花园|公寓|大厦|广场|道)[${HAN}]{0,4}\d{1,5}(?:-\d{1,4})?(?:号楼?|弄|栋|幢|座|室)(?:[${HAN} ]{0,8}[A-Za-z\d-]{1,5}(?:号楼|栋|幢|座|单元|楼|层|室|号)){0,4}`,
  'g',
);
const CHINESE_HINT = /[路街道巷弄同村里区园寓厦场][\u4E00-\u9FFF]{0,4}\d/;
/** How far an address goes back before its road. */
const MOST_BEFORE = 32;
const BEFORE_ROAD = /[\u4E00-\u9FFF\d]{1,32}$/;
/** With one of these it begins, where it has one. */
const PROVINCE =
  /(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)/;
/** What leads to an address. */
const LEAD = /^.*(?:地址|住址|位于|住在|寄到|送到|寄往|发往|家住|现住|住|在|是|为|到|往)/;

const STREET = String.raw`(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Terrace|Way|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Trail|Alley|Crescent|Close)`;
const ENGLISH = new RegExp(
  String.raw`(?<![\w.-])\d{1,6}[A-Za-z]?,? (?:(?:[NSEW]\.?|North|South|East|West) )?(?:[A-Z\d][\w'’.-]{0,20} ){1,3}${STREET}(?![A-Za-z])\.?(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Floor|#)\.? ?[\w-]{1,6})?(?:(?:, ?|\n)[A-Z][A-Za-z.'’ -]{1,30}){0,2}(?:,? [A-Z]{2})?(?: \d{5}(?:-\d{4})?| [A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})?`,
  'g',
);
const POST_BOX = /(?<![A-Za-z])P\.? ?O\.? Box \d{1,6}/g;
const STREET_HINT =
  /\d .{0,70}(?:St|Ave|R(?:oa)?d|Blvd|Boul|L(?:a)?n|Dr|C(?:our)?t|Pl|Sq|Ter|Way|P(?:ar)?kwa?y|H(?:igh)?wa?y|Cir|Trail|Alley|Cres|Close)/;

/** Postal addresses as far as their form tells. */
export const addressRecogniser: Recogniser = (sight) => {
  const { text } = sight;
  if (CHINESE_HINT.test(text)) {
    for (const match of text.matchAll(CHINESE)) addChinese(sight, match.index, match.index + match[0].length);
  }
  if (STREET_HINT.test(text)) addAll(sight, ENGLISH, 0.8);
  if (text.includes('Box ')) addAll(sight, POST_BOX, 0.9);
};

function addAll(sight: Sight, form: RegExp, score: number): void {
  for (const match of sight.text.matchAll(form)) {
    sight.add(match.index, match.index + match[0].length, 'ADDRESS', score, RANK.guess);
  }
}

function addChinese(sight: Sight, road: number, end: number): void {
  const before = BEFORE_ROAD.exec(sight.text.slice(Math.max(0, road - MOST_BEFORE), road))?.[0] ?? '';
  const province = before.search(PROVINCE);
  const name = province >= 0 ? before.slice(province) : before.replace(LEAD, '');
  if (name !== '') sight.add(road - name.length, end, 'ADDRESS', 0.8, RANK.guess);
}

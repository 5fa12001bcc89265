import type { Rule } from './rule.ts';

/**
 * The plainest order of all, to drop what was said before, in some other languages. Folded: without accents. English and
 * Chinese are what the signs are made for; these are few.
 */
export const OTHER_LANGUAGE_RULES: readonly Rule[] = [
  {
    sign: 'override',
    heads:
      'ignora|ignore|ignorar|ignoren|olvida|olvidate|olvide|esquece|esqueca|desconsidere|desconsidera|descarta|omite',
    rest: '~(?:anterior|anteriores|lo anterior|arriba|acima|previas|previos|reglas|regras|instrucciones|instrucoes|instrucciones)',
  },
  {
    sign: 'override',
    heads: 'ignorez|ignore|oubliez|oublie|neglige|negligez',
    rest: '~(?:precede|precedent@|instructions|consignes|regles|ci dessus|avant)',
  },
  {
    sign: 'override',
    heads: 'ignoriere|ignorieren|vergiss|vergessen|missachte|missachten',
    rest: '~(?:vorherig@|bisherig@|obige@|fruhere@|anweisungen|regeln|vorgaben|alles)',
  },
  {
    sign: 'override',
    heads: 'ignora|ignorare|dimentica|dimenticate|dimenticare|trascura',
    rest: '~(?:precedent@|istruzioni|regole|sopra|detto)',
  },
  { sign: 'override', heads: 'abaikan|lupakan', rest: '~(?:instruksi|perintah|aturan|sebelumnya|atas)' },
  {
    sign: 'override',
    heads: 'huwag pansinin|balewalain|kalimutan',
    rest: '~(?:tagubilin|nauna@|nakaraang|patakaran|itaas)',
  },
  { sign: 'override', heads: 'onceki|yukaridaki|tum', rest: '~(?:yoksay@|yok say@|gormezden|unut@|dikkate alma)' },
  { sign: 'override', heads: 'bo qua|phot lo|quen', rest: '~(?:huong dan|chi dan|truoc@|quy tac|lenh|tren)' },
  {
    sign: 'override',
    heads: 'игнорируй|игнорируйте|игнорировать|забудь|забудьте|не обращай',
    rest: '~(?:предыдущ|прежн|инструкц|правил|указани|выше|все)',
  },
  {
    sign: 'override',
    heads: '前の|以前の|事前の|上記の|これまでの|すべての|全ての',
    rest: '~(?:指示|命令|ルール|プロンプト)~(?:無視|忘れ|従わ)',
  },
  { sign: 'override', heads: '上記を|以上を|前述を', rest: '(?:無視|忘れ)' },
  { sign: 'override', heads: '이전|앞의|위의|모든|지금까지의', rest: '~(?:지시|명령|지침|규칙|내용|말)~(?:무시|잊)' },
  { sign: 'override', heads: 'تجاهل|انس|تغاض|تغاضى', rest: '~(?:السابق|التعليم|ما سبق|تعليمات|قبل|القواعد)' },
  {
    sign: 'override',
    heads: 'पिछले|पिछली|सभी|उपरोक्त|पूर्व|जो भी',
    rest: '~(?:निर्देश|नियम|आदेश|बताया)~(?:भूल|अनदेखा|नज़रअंदाज|उपेक्षा)',
  },
  { sign: 'override', heads: 'পূর্ববর্তী|আগের|সমস্ত', rest: '~(?:নির্দেশ|নিয়ম)~(?:উপেক্ষা|ভুলে)' },
  { sign: 'override', heads: 'เพิกเฉย|ละเว้น|ลืม', rest: '~(?:คำสั่ง|คำแนะนำ|กฎ|ก่อนหน้า)' },
];

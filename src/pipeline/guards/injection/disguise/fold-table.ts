/** Of a unit: what it is folded to, or {@link DROPPED}, or {@link LOOKALIKE} and the Latin letter. */
export const FOLDS = new Uint16Array(65_536);
export const DROPPED = 0xffff;
/** Marks a letter of another script that looks like a Latin one; it is folded only in a word that is meant to be Latin. */
export const LOOKALIKE = 0x8000;
/** Units that are drawn over the letter before them. Those that belong to a script's own letters are left to them. */
export const MARKS = new Uint8Array(65_536);

const LOOKALIKES: Readonly<Record<string, string>> = {
  а: 'a', в: 'b', с: 'c', ԁ: 'd', е: 'e', һ: 'h', і: 'i', ј: 'j', к: 'k', ӏ: 'l', м: 'm', о: 'o', р: 'p', ԛ: 'q', г: 'r', ѕ: 's', т: 't',
  ѵ: 'v', ԝ: 'w', х: 'x', у: 'y', α: 'a', β: 'b', ε: 'e', η: 'n', ι: 'i', κ: 'k', ν: 'v', ο: 'o', ρ: 'p', τ: 't', υ: 'u', χ: 'x', γ: 'y',
  ѡ: 'w', ո: 'n', ս: 'u', օ: 'o', հ: 'h', ց: 'g', զ: 'q',
}; // prettier-ignore

/** Letters that nobody writes English beside who does not mean Latin ones: small capitals, Cherokee, Lisu. */
const LATIN_SHAPES: readonly (readonly [from: string, to: string])[] = [
  ['ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢɑɡɩʟ', 'abcdefghijklmnopqrstuvwyzagil'],
  ['ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᎢᏢᏒᏚᏙᎳᎽᏃᏫᏆᎾᏅᏌ', 'abcdeghijklmtprsvwyzoioou'],
  ['ꭺᏼꮯꭰꭼꮐꮋꭵꭻꮶꮮꮇꭲꮲꮢꮪꮩꮃꭹꮓꮻꮖꮎꮕꮜ', 'abcdeghijklmtprsvwyzoioou'],
  ['ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ', 'abcdefghijklmnoprstuvwxyz'],
];

/** White letters in black circles and squares, and those that flags are made of: where each alphabet begins. */
const ALPHABETS = [0x1f150, 0x1f170, 0x1f1e6];

const LINE_BREAKS = new Set([10, 13, 0x2028, 0x2029]);

fillFolds();

function fillFolds(): void {
  for (let code = 0; code < FOLDS.length; code++) FOLDS[code] = code;
  for (let code = 65; code <= 90; code++) FOLDS[code] = code + 32;
  // Letters with accents, small capitals, circled and full-width letters: what compatibility forms call the same.
  for (const [first, last] of [
    [0xa0, 0x24f],
    [0x1d00, 0x1eff],
    [0x2070, 0x209f],
    [0x2100, 0x218f],
    [0x2460, 0x24ff],
    [0xff01, 0xff5e],
  ] as const) {
    for (let code = first; code <= last; code++) FOLDS[code] = plainOf(String.fromCharCode(code)) ?? code;
  }
  // Greek and Cyrillic have capitals.
  for (let code = 0x370; code <= 0x58f; code++) FOLDS[code] = String.fromCharCode(code).toLowerCase().charCodeAt(0);
  foldAll('ıøłđħŧØŁĐ’‘', "ioldhtold''");
  for (const [from, to] of LATIN_SHAPES) foldAll(from, to);
  for (const [from, to] of Object.entries(LOOKALIKES)) {
    for (const char of [from, from.toUpperCase()]) FOLDS[char.charCodeAt(0)] = LOOKALIKE | to.charCodeAt(0);
  }
  fillUnseen();
}

function foldAll(from: string, to: string): void {
  for (let at = 0; at < from.length; at++) FOLDS[from.charCodeAt(at)] = to.charCodeAt(at);
}

/** What is not seen, and what is only drawn over letters of any script, is left out; spaces are spaces. */
function fillUnseen(): void {
  const units = Array.from({ length: 0xd800 }, (_, code) => String.fromCharCode(code)).join('');
  const others = Array.from({ length: 0x2000 }, (_, at) => String.fromCharCode(0xe000 + at)).join('');
  for (const all of [units, others]) {
    const each = (pattern: RegExp, set: (code: number) => void): void => {
      for (const [char] of all.matchAll(pattern)) set(char.charCodeAt(0));
    };
    each(/\p{M}/gu, (code) => (MARKS[code] = 1));
    each(/[\p{Me}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/gu, (code) => (FOLDS[code] = DROPPED));
    // Not the two that make other sounds of Japanese signs.
    each(/(?![\u3099\u309a])\p{sc=Zinh}/gu, (code) => {
      if (MARKS[code] === 1) FOLDS[code] = DROPPED;
    });
    each(/[\p{Z}\s]/gu, (code) => (FOLDS[code] = LINE_BREAKS.has(code) ? 10 : 32));
  }
}

/** The unit of small ASCII that a character is a form of. */
function plainOf(char: string): number | undefined {
  const plain = char
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  return plain.length === 1 && plain.charCodeAt(0) < 128 ? plain.charCodeAt(0) : undefined;
}

/** Where each plane's part with signs that have a meaning here ends and begins. */
const [LAST_STYLED, FIRST_SELECTOR] = [0x1ffff, 0xe0000];

/** As {@link FOLDS}, of a character of two units; undefined where it stands for itself. */
export function foldAstral(point: number): number | undefined {
  if (point > LAST_STYLED && point < FIRST_SELECTOR) return undefined;
  if (isStyledLetter(point)) return plainOf(String.fromCodePoint(point)) ?? alphabetOf(point);
  if (point >= 0x1f1e6 && point <= 0x1f1ff) return alphabetOf(point);
  if (point >= 0x1f000 && point <= LAST_STYLED) return undefined;
  return /[\p{Default_Ignorable_Code_Point}\p{Mn}\p{Me}]/u.test(String.fromCodePoint(point)) ? DROPPED : undefined;
}

/** Mathematical alphabets, and letters in circles and squares. */
function isStyledLetter(point: number): boolean {
  return (point >= 0x1d400 && point <= 0x1d7ff) || (point >= 0x1f110 && point <= 0x1f189);
}

function alphabetOf(point: number): number | undefined {
  const first = ALPHABETS.find((begin) => point >= begin && point < begin + 26);
  return first === undefined ? undefined : 97 + point - first;
}

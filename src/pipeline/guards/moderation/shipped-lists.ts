import type { SHIPPED_LISTS } from './settings.ts';

/** Words by category. */
type Categories = Readonly<Record<string, readonly string[]>>;

/** One word or phrase a comma. */
const words = (text: string): readonly string[] => text.split(/[,，]\s*/u).map((word) => word.trim());

/**
 * The lists that come with the gateway: insults, slurs and threats that are hardly ever anything else. Words that people
 * also quote, joke with or use of things are left out, and so is what only a sentence tells, so that much is not found.
 */
export const SHIPPED: Readonly<Record<(typeof SHIPPED_LISTS)[number], Categories>> = {
  en: {
    insult: words(
      `asshole, assholes, arsehole, arseholes, dumbass, dumbasses, dipshit, dipshits, shithead, shitheads, fuckhead,
       fuckface, dickhead, dickheads, motherfucker, motherfuckers, cocksucker, cocksuckers, scumbag,
       scumbags, douchebag, douchebags, cumslut, cumdump, wanker, wankers, fuckwit, fuckwits, fucktard, fucktards,
       libtard, libtards, cunts, you cunt, stupid cunt, fucking cunt, you bitch, stupid bitch, dumb bitch,
       fucking bitch, ugly bitch, son of a bitch, sons of bitches, you whore, dirty whore, stupid whore, stupid slut,
       dirty slut, fat slut, you slut, filthy slut, fuck you, fuck yourself, fuck off, go to hell, piece of shit,
       pieces of shit, you moron, you idiot, you imbecile, stupid idiot, fucking idiot, fucking idiots, fucking moron,
       fucking loser, you retard, fucking retard, fucking retards, retarded bitch, worthless bitch,
       waste of oxygen, you are worthless, you're worthless, you are pathetic, you're pathetic, you are disgusting,
       you're disgusting, nobody loves you, suck my dick, eat shit`,
    ),
    hate: words(
      `nigger, niggers, faggot, faggots, faggoty, kike, kikes, wetback, wetbacks, raghead, ragheads,
       towelhead, towelheads, sand nigger, sand niggers, gook, gooks, chinks, spics, beaner, beaners, tranny, trannies,
       dirty jew, dirty jews, filthy jew, filthy jews, dirty muslim, dirty muslims, filthy muslims,
       dirty immigrants, filthy immigrants, gas the jews, kill all jews, kill the jews, kill all muslims,
       kill all blacks, kill all whites, kill all gays, death to jews, death to muslims, white power, hitler was right, hitler did nothing wrong, subhuman, subhumans, untermensch, race traitor,
       race traitors, mudslime, mudslimes, muzzrat, muzzrats, feminazi, feminazis, go back to africa,
       go back to your country, go back to mexico, are not human, are vermin, are subhuman, inferior race`,
    ),
    threat: words(
      `kill yourself, go kill yourself, kys, go die, you should die, you deserve to die, hope you die,
       i hope you get raped, hope you get cancer, i will kill you, i'll kill you, im going to kill you,
       i'm going to kill you, i am going to kill you, i'm gonna kill you, i will murder you, i'll murder you,
       i will rape you, i'll rape you, i will hurt you, i'll hurt you, i will beat you,
       i will shoot you, i'll shoot you, i will stab you, i'll stab you, slit your throat, cut your throat,
       bash your skull, break your neck, hang yourself, slit your wrists,
       i know where you live, you will pay with your life, beat you to death, kill your family, rape you,
       should be hanged, should be lynched, should all be killed, should be exterminated,
       deserve to be raped, deserves to be raped, deserve to die`,
    ),
  },
  zh: {
    insult: words(
      `傻逼，傻屄，煞笔，傻叉，大傻子，傻狗，脑残，脑子有病，脑子进水，脑子进了水，弱智，白痴，蠢货，蠢猪，蠢逼，垃圾东西，
       垃圾人，人渣，社会败类，民族败类，畜生，畜牲，禽兽不如，猪狗不如，狗东西，狗杂种，狗娘养的，狗日的，王八蛋，王八羔子，
       龟儿子，混账东西，臭不要脸，不要脸的东西，真不要脸，贱人，贱货，贱逼，臭婊子，婊子，绿茶婊，圣母婊，骚货，骚逼，烂货，
       死八婆，操你，操你妈，草你妈，日你妈，艹你妈，肏你，干你娘，干你妈，你妈逼，他妈逼，你全家死，去你妈的，妈了个逼，
       妈卖批，妈的智障，你这个智障，你个智障，滚犊子，滚出中国，给老子滚，死肥猪，死胖子，丑八怪，穷逼，臭傻子，土鳖，
       恶心玩意，恶心东西，真他妈恶心，不得好死，断子绝孙，你怎么不死，吃屎去吧，狗屁不通，放狗屁，泼妇骂街的，舔狗，跪舔，
       哈巴狗一样，狗腿子，慕洋犬，洋奴，直男癌，不是个东西，算什么东西，什么狗东西，这种货色，屎壳郎一样，倒贴货，没教养的东西，
       没脑子的东西，废物一个，就是个废物，一群废物，一群垃圾，一群畜生，都是垃圾，都是骗子，都是渣男`,
    ),
    hate: words(
      `黑鬼，尼哥，死黑人，白皮猪，黄皮猪，小日本鬼子，高丽棒子，死棒子，印度阿三，支那猪，支那人，台巴子，台蛙，湾湾狗，
       河南骗子，死同性恋，死基佬，死变态，死娘炮，死人妖，蝈蝻，楠人，婚驴，媚黑，黑垃圾，劣等民族，劣等人种，
       低等民族，低等人种，劣等人，死回子，田园女权，女拳师`,
    ),
    threat: words(
      `去死吧，怎么不去死，快去死，死全家，全家死光，我杀了你，弄死你，打死你，砍死你，捅死你，掐死你，整死你，揍死你，
       我宰了你，要你的命，要你狗命，等着收尸，扒了你的皮，让你生不如死，打断你的腿，强奸你，轮奸你，都该死，都去死，
       死不足惜，种族清洗掉，把他们杀光，全部杀光，斩尽杀绝他们`,
    ),
  },
};

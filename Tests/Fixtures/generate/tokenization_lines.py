"""The texts of tokenization.py: reports, mixed and hostile lines. Written for these tests."""

import unicodedata

REPORTS = """正常眼底
双眼底未见明显异常。
左眼：视盘界清，色可，C/D约0.3，黄斑中心凹反光存在。
右眼：视网膜静脉迂曲扩张，散在点片状出血，可见棉絮斑及硬性渗出；建议OCT检查。
双眼糖尿病视网膜病变（中度NPDR），黄斑水肿待排？
左眼玻璃膜疣，色素紊乱；右眼豹纹状眼底，近视弧。
“青光眼”可疑：大视杯，杯盘比≈0.8，RNFL缺损（颞下）。
右眼白内障术后，IOL位正，眼底模糊，窥不清。
OD：AMD（湿性）；OS：drusen(+)，CNV(-)。
DR 2期/DME(+)，激光斑可见，未见新生血管
视力：OD 0.6，OS 1.0；眼压：15mmHg/16mmHg
双眼高血压性视网膜病变Ⅱ级，动静脉交叉压迹(+)。
左眼BRVO，黄斑区视网膜增厚，CMT 412μm。
右眼底：视乳头水肿?请神经科会诊!
患者男，65岁，糖尿病史10年，HbA1c 8.5%。
2024年3月15日 复查：出血较前吸收，渗出减少50%以上。
诊断：1.双眼NPDR 2.双眼白内障 3.屈光不正
左眼視網膜剝離，黃斑裂孔，請轉診。
雙眼視神經萎縮，建議視野檢查與核磁共振。
糖尿病視網膜病變（增殖期）、玻璃體出血
右眼脈絡膜新生血管，滲出性老年黃斑部病變
臺灣龍龜鬱鬯顯著
視神經盤凹陥あり、C/D比0.7。緑内障疑い。
網膜静脈分枝閉塞症（BRVO）を認める。
ガラス体混濁、か゛ゾウ、ﾊﾟﾝﾀ
당뇨망막병증이 의심됩니다.
녹내장 의심, 시신경유두함몰비 0.7
김 각가간 힣 ㄱㅏ""".split("\n")

LATIN = """Moderate non-proliferative diabetic retinopathy with macular edema.
Glaucoma suspect: cup-to-disc ratio 0.7, RNFL thinning (inferotemporal)
No diabetic retinopathy, no DME.
unaffable unaffableness aaaaaaaa aaaab aabb
Œdème maculaire; rétinopathie diabétique, stade modéré – naïve à l'œil
Größe: 2,5 mm; Straße; STRASSE; ẞß; ÄÖÜ äöü
diabetik retinopati İSTANBUL ISPARTA ıIiİ DİYABET
Ψευδοφακία, ΟΔΟΣ, ΣΊΣΥΦΟΣ, ΣΑΣ ΣΣ Σ, ΑΣ'Α, Σ.Α. ΑΣ. ΑΣΣΑ
Α\u0301Σ ΑΣ\u0301 ΑΣ\u0301Β Α:Σ Α:Σ:Β 1Σ Σ1 aΣ aΣb aΣ\u00adb aΣ中 中Σ
ΌΣΟΣ ῼΣ ᾼΣ “ΑΣ” ΑΣ”Β ΑΣ’Β ΑΣ𝐀 ΑΣ😀 ΑΣ\u200dΒ ΑΣ\u0000Β
Диабетическая ретинопатия, Ёлка, Йод, ЇЖАК
ngữ tiếng Việt: bệnh võng mạc đái tháo đường
Çukurova, Ñandú, Åse, Łódź, Þór, Đà Nẵng, ǅungla, Ǆ ǆ ŉ ǰ ΐ ΰ և ﬁ ﬂ ﬃ
C/D=0.5~0.6; IOP<21; p<=0.05; a&b; x|y; 50% #3 @home $5 ^2 `code` {a} [b] \\n _x_ *y* +z
don't can't it's "quoted" 'single' e.g. i.e. A.M.D. 3.14 1,000 1e-5 -0.5
http://example.org/a?b=c&d=e#f user@example.org C:\\path\\file.txt
K Å Ω µ μ ℃ ℉ № ™ © ® ° ± × ÷ ≈ ≤ ≥ ≠ ∞ √ → ← ↑ ½ ² ³ ¹ ₂ ⅲ Ⅲ ① ⑴ ㈠ ㎜ ㎡
€ £ ¥ ¢ ₩ ₿ ¤ ¦ ¨ ¬ ¯ ´ ¸ ˆ ˜ § ¶ · • … ‰ ′ ″ ‹ › « » „ ‚ † ‡
− – — ― ‐ ‑ ‒ － ﹣ ~ ～ 〜 〰""".split("\n")

HOSTILE = [
    "", " ", "   ", "\t", "\n", "\r\n", "\u3000", "\u00a0", "\u2003\u2009\u202f\u205f", "\u2028", "\u2029", "\u0085",
    "\u000b", "\u000c", "\u001c\u001d\u001e\u001f", "\u1680", "\u180e", "\u200b", "\ufeff", "\u2060", "\u0000",
    "a\u0085b", "a\u000bb", "a\u001cb", "a\u2028b", "a\u2029b", "a\u1680b", "a\u180eb", "a\u200bb", "a\u3000b",
    "\ufeff左眼正常", "左\u0000眼", "左\ufffd眼", "\ufffd", "\u0007bell\u0008\u007f", "a\u00adb soft\u00adhyphen",
    "左眼\t右眼\n双眼\r正常", "  左 眼  ", "眼\u3000底", "a\u00a0b\u202fc",
    "[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]", "左眼[SEP]右眼[CLS]", "[unused1]", "##a", "## a", "#", "##", "a##b", "##眼",
    "<S>", "[cls] [Sep]", "[ CLS ]", "[CLS", "CLS]",
    "e\u0301 é E\u0301 É", "a\u0308\u0323 a\u0323\u0308 ậ ậ", "\u0301", "\u0301\u0302\u0303", "中\u0301", "\u0301中",
    ".\u0301", "a\u20dd", "a\u0903\u0902", "क्षत्रिय हिन्दी", "தமிழ் നേത്രം", "จอประสาทตา", "ྐྵ བོད", "မြန်မာ",
    "\u1100\u1161\u11a8", "\u1100\u1161", "각\u11a8", "\u11a8\u1161\u1100",
    "か\u3099", "が", "カ\u309a", "ヷヸヹヺ", "ｶﾞ",
    "a\u302f\u302ea", "a\u302e\U0001D165b", "\U0001D165\u302e\U0001D165\u302e", "a\u302e\u0301\U0001D165", "a\u302e\u034f\U0001D165",
    "!\u302e\U0001D165", "\u302e\U0001D165!", "中\u302e\U0001D165", "a\u302e\u200d\U0001D165", "a\u302e \U0001D165",
    "\U0001D15E \U0001D160\U0001D16D", "\u0958\u0959 \u09dc \u0a59 \u0f43", "\u1e9b\u0323", "\u0344 \u0340\u0341 \u0374 \u037e \u0387",
    "\u212a\u212b\u2126", "\u2329\u232a \u2000a\u2001b", "\u1fef \u1ffd \u1f71", "\u2adc \u2260 \u226e",
    "\uf900\uf901\ufa0e\ufa10\ufaff\ufad9", "\U0002F800\U0002FA1D\U0002FA1F", "\u2f00\u2e80\u3007\u3005\u303b\u31c0",
    "\u4e00\u9fff\u9fa5\u3400\u4dbf\u4dc0\u33ff", "\U00020000\U0002A6D6\U0002A6DF\U0002A6E0\U0002A700\U0002B73F",
    "\U0002B740\U0002B820\U0002CEA1\U0002CEAF\U0002CEB0\U0002EBE0\U00030000\U0003134A",
    "\ud7ff\ue000", "\ud7a3\ud7b0\ud7fb", "\ue000\uf8ff\U000f0000\U0010fffd", "a\ue000b", "\ufffe\uffff\ufdd0", "\U0001fffe a\U0010ffffb",
    "😀", "a😀b", "👁️", "👁️‍🗨️", "👩‍⚕️ 眼科医生", "👨‍👩‍👧‍👦", "👍🏽👍", "🇨🇳🇯🇵", "1️⃣ #️⃣ *️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "左眼👁正常😀😀", "☺︎☺️",
    "שלום עולם", "שָׁלוֹם", "اعتلال الشبكية السكري", "مُحَمَّد", "لا إله", "\u202eabc\u202c", "\u2066x\u2069", "\u200e左\u200f眼", "\u061c؟،؛",
    "ﷺ ﷽ ﻻ", "ܐܒܓ", "ߊߋ", "𞤀𞤁 𞤢", "𐐀𐐨 𐒰", "Ⴀა Აა", "Ꭰꭰ Ᏸ", "ԱՒ և", "Ⲁⲁ", "𝐀𝑏𝒞 𝟘𝟙",
    "ＡＢＣａｂｃ１２３", "（左眼）：Ｃ／Ｄ＝０．７", "！＂＃＄％＆＇＊＋，－．／：；＜＝＞？＠［＼］＾＿｀｛｜｝～", "｡｢｣､･￥￠￦",
    "“”", "“大视杯”", "‘单引号’", "a“b”c", "“Σ”", "«»", "„“", "〝〞〟＂", "「」『』【】〖〗《》〈〉〔〕",
    "a" * 199, "a" * 200, "a" * 201, "b" * 200 + " " + "b" * 201, "é" * 200, "e\u0301" * 200, "x" * 5000, "İ" * 199, "眼" * 300,
    "ab" * 100, "q" * 100, "q" * 101, "a" * 150 + "ǅ", "가" * 66, "가" * 67, "a" * 199 + "\u302e", "a" * 200 + "\u302e", "0" * 120,
    "眼" * 49, "眼" * 50, "眼" * 51, "眼" * 97, "眼" * 98, "眼" * 99, "a " * 60, "眼" * 49 + "retinopathy", "眼" * 97 + "diabetic retinopathy",
    "!" * 120, "……——", "。。。？？？！！！", "a.b.c.d", "..", "-", "--左--眼--", "\\", "\"", "'", "`´",
    "\u0600\u06dd\u070f\u08e2\U000110bd", "\u17b4\u17b5", "\U000e0001\U000e0041", "\u115f\u1160\u3164\uffa0", "\u2800\u3164", "\u180b\ufe0f\U000e0100",
    "\u1b05\u1b35 \u1b44", "\u0dd9\u0dcf\u0ddd", "\U00011131\U00011127", "\U000114b9\U000114ba", "\U00011935\U00011930", "\u0b47\u0b56\u0b3e",
    "\u0c46\u0c56 \u0cc6\u0cc2\u0cd5", "\u0ccb \u0d4b \u0bcb \u09cb", "\u1bf2\u1bf3 \ua953 \u1baa\u1bab", "\U0001D1BB\U0001D1BF",
]

EYES = ["左眼", "右眼", "双眼", "OD", "OS", "OU", "左眼：", "右眼:"]
FINDINGS = """视网膜出血 硬性渗出 棉絮斑 微动脉瘤 新生血管 玻璃膜疣 黄斑水肿 黄斑裂孔 视盘水肿 大视杯 近视弧 豹纹状眼底 动脉硬化 激光斑
脉络膜萎缩 神经纤维层缺损 视网膜脱离 玻璃体混濁 白内障 Drusen NPDR PDR AMD RNFL缺损 CNV(-) DME(+)""".split()
ENDS = ["。", "；", "？", "!", ".", "", "（待排）", ", 建议复查", "，3月后随访", " 0.5 mm", "≈1PD", " x2"]
BRIDGES = ["可见", "未见", "：", "、", " 伴", " with ", "，", "及", "/", " "]


def random_report(generator):
    """Two to four findings of one eye, joined as reports join them."""
    parts = [generator.choice(EYES)]
    for _ in range(generator.randint(2, 4)):
        parts += [generator.choice(BRIDGES), generator.choice(FINDINGS)]
    return "".join(parts) + generator.choice(ENDS)


def random_hostile(generator):
    """Five to thirty scalars from ranges that tokenizers get wrong, none that Unicode 14 lacks."""
    ranges = [
        (0x20, 0x7F), (0x20, 0x7F), (0x00, 0x20), (0x80, 0x250), (0x2B0, 0x400), (0x400, 0x600), (0x600, 0x700), (0x900, 0xE00),
        (0x1AB0, 0x1AF0), (0x1DC0, 0x2000), (0x2000, 0x2070), (0x20D0, 0x2150), (0x3000, 0x3100), (0x3130, 0x3190), (0x4E00, 0x9FFF),
        (0x4E00, 0x9FFF), (0xAC00, 0xD7A4), (0xF900, 0xFB50), (0xFE00, 0x10000), (0x1D150, 0x1D1F0), (0x1F300, 0x1F700), (0x11000, 0x11A00),
    ]
    text = ""
    count = generator.randint(5, 30)
    while len(text) < count:
        scalar = chr(generator.randrange(*generator.choice(ranges)))
        if unicodedata.category(scalar) != "Cn" and scalar != "\U0001171E":
            text += scalar
    return text


def lines(generator):
    """All texts, each once, in a fixed order."""
    texts = REPORTS + LATIN + HOSTILE
    texts += [random_report(generator) for _ in range(120)]
    texts += [random_hostile(generator) for _ in range(100)]
    return list(dict.fromkeys(texts))

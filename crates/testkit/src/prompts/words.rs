//! The vocabulary.

pub struct Vocabulary {
    pub japanese: bool,
    pub subjects: &'static [&'static str],
    pub places: &'static [&'static str],
    pub looks: &'static [&'static str],
    pub lights: &'static [&'static str],
    pub details: &'static [&'static str],
    pub styles: &'static [&'static str],
    pub unwanted: &'static [&'static str],
}

pub const QUALITY: [&str; 6] = [
    "(masterpiece:1.2), best quality",
    "masterpiece, best quality, very aesthetic, absurdres",
    "score_9, score_8_up",
    "RAW photo, 8k uhd",
    "最高品質、高精細",
    "highres, newest",
];

pub const LORAS: [&str; 6] =
    ["detailTweaker", "add-detail-xl", "ink_wash_v2", "filmgrain", "水彩タッチ", "pixel-art-xl"];

pub const JAPANESE: Vocabulary = Vocabulary {
    japanese: true,
    subjects: &[
        "灯籠", "少女", "黒猫", "白い狐", "老いた漁師", "灯台", "赤い電車", "桜の大木", "古い図書館", "金魚", "龍", "ロボット",
        "茶室", "自転車", "柴犬", "梟", "鯨", "飛行船", "五重塔", "時計職人", "ピアノ", "紫陽花", "侍", "硝子の塔", "梅の枝",
        "屋台", "気球", "鶴", "巫女", "喫茶店", "宇宙飛行士", "月兎", "風鈴", "小さな家", "石橋", "水車小屋", "帆船",
    ],
    places: &[
        "静かな湖に浮かぶ", "雪の降る街の", "霧の森にたたずむ", "夕暮れの丘に立つ", "雨上がりの路地の", "星空の下の",
        "海辺の", "満開の桜並木の", "廃墟となった駅の", "雲の上の", "竹林の奥の", "祭りの夜の", "砂漠の真ん中の",
        "紅葉の渓谷の", "深海に眠る", "朝の市場の", "屋根裏の", "ネオンの街を歩く", "草原を渡る", "凍った滝のそばの",
    ],
    looks: &[
        "水彩画", "浮世絵風", "油彩", "墨絵", "フィルム写真", "アニメ塗り", "切り絵", "ピクセルアート", "鉛筆画", "写実的",
        "絵本の挿絵", "版画", "３Ｄレンダリング", "ステンドグラス風",
    ],
    lights: &[
        "やわらかい朝の光", "夕焼け", "月明かり", "木漏れ日", "逆光", "ネオンの光", "曇り空", "ろうそくの灯り", "青の時間",
        "スタジオライト", "霧に滲む光", "暖かい光",
    ],
    details: &[
        "淡い色", "紙の質感", "静けさ", "細部まで緻密", "浅い被写界深度", "広角", "真上から", "横顔", "後ろ姿", "水面の反射",
        "舞い散る花びら", "風になびく髪", "金の縁取り", "余白", "左右対称", "俯瞰", "パステルカラー", "ノスタルジック",
        "しっとりとした空気", "遠くの山並み", "きらめく粒子", "雨粒", "ぼかし", "和柄", "藍色", "朱色",
    ],
    styles: &[
        "印象派", "昭和レトロ", "ミニマル", "シネマティック", "幻想的", "サイバーパンク", "アールヌーヴォー", "琳派",
        "スチームパンク", "北欧風",
    ],
    unwanted: &[
        "低品質", "文字", "透かし", "署名", "余分な指", "歪んだ顔", "ぼやけ", "ノイズ", "切れた構図", "過飽和", "重複", "暗すぎる",
    ],
};

pub const ENGLISH: Vocabulary = Vocabulary {
    japanese: false,
    subjects: &[
        "a paper lantern", "a girl with a red umbrella", "a black cat", "a white fox", "an old fisherman", "a lighthouse",
        "a steam train", "a giant oak tree", "an abandoned library", "a koi fish", "a dragon", "a friendly robot",
        "a tea house", "a vintage bicycle", "a shiba inu", "an owl", "a blue whale", "an airship", "a stone bridge",
        "a clockmaker", "a grand piano", "hydrangeas", "a lone samurai", "a glass tower", "a hot air balloon",
        "a food stall", "a crane in flight", "an astronaut", "a street café", "a sailing ship", "a watermill",
        "a portrait of a woman", "a wooden cabin", "a marble statue", "a hummingbird", "a desert caravan", "a red panda",
    ],
    places: &[
        "floating on a quiet lake", "in a snowy village", "in a foggy forest", "on a hill at dusk", "in a rainy alley",
        "under a starry sky", "by the sea", "among cherry blossoms", "in a ruined station", "above the clouds",
        "deep in a bamboo grove", "at a night festival", "in the middle of the desert", "in an autumn valley",
        "at the bottom of the ocean", "in a morning market", "in a dusty attic", "in a neon city", "crossing a meadow",
        "beside a frozen waterfall",
    ],
    looks: &[
        "watercolor", "ukiyo-e style", "oil painting", "ink wash", "35mm film photograph", "anime style", "paper cut art",
        "pixel art", "pencil drawing", "photorealistic", "storybook illustration", "linocut print", "octane render",
        "stained glass style",
    ],
    lights: &[
        "soft morning light", "golden hour", "moonlight", "dappled sunlight", "rim lighting", "neon glow", "overcast sky",
        "candlelight", "blue hour", "studio lighting", "light through mist", "volumetric light",
    ],
    details: &[
        "muted palette", "paper texture", "intricate detail", "shallow depth of field", "wide angle", "view from above",
        "profile view", "reflections on water", "falling petals", "hair in the wind", "gold trim", "negative space",
        "perfect symmetry", "pastel colors", "nostalgic mood", "distant mountains", "glittering particles", "raindrops",
        "bokeh", "sharp focus", "subsurface scattering", "indigo and vermilion", "85mm lens", "tilt-shift", "dust motes",
        "film grain",
    ],
    styles: &[
        "impressionism", "art nouveau", "minimalist", "cinematic", "dreamlike", "cyberpunk", "steampunk", "rococo",
        "bauhaus poster", "scandinavian design",
    ],
    unwanted: &[
        "blurry", "low quality", "text", "watermark", "signature", "extra fingers", "deformed hands", "bad anatomy",
        "jpeg artifacts", "cropped", "oversaturated", "duplicate", "worst quality",
    ],
};

//! Words for pictures: prompts that describe what a motif shows, in Japanese and English.

use crate::art::Motif;

/// A language of prompts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Japanese.
    Japanese,
    /// English.
    English,
}

/// Japanese, English, and the palettes that show it.
type Words = [(&'static str, &'static str, &'static [usize]); 3];

const fn words(motif: Motif) -> Words {
    match motif {
        Motif::Mountains => [
            (
                "霧の山並み、墨絵、静けさ",
                "distant mountain ridges in morning mist, ink wash, quiet, muted palette",
                &[3, 0],
            ),
            (
                "朝霧に沈む山々、淡い青のグラデーション、遠近感",
                "layered blue mountains, aerial perspective, soft dawn light",
                &[2],
            ),
            (
                "夕暮れの連山、紫の空、静寂",
                "violet mountain range at dusk, glowing sun behind the ridge, haze",
                &[1, 5],
            ),
        ],
        Motif::PaperHills => [
            (
                "やわらかな丘の重なり、切り絵、紙の質感",
                "soft hills in morning mist, paper texture, layered cut paper",
                &[0, 1, 3],
            ),
            (
                "紙を重ねた波、やさしい影、ミニマル",
                "waves of layered paper, gentle drop shadows, minimal poster",
                &[1, 5],
            ),
            (
                "切り紙の丘、朝の光、淡い色",
                "paper craft landscape, rolling hills, pastel colours, flat design",
                &[2, 0, 3],
            ),
        ],
        Motif::Sea => [
            (
                "夕凪の海、水面に伸びる光の道、茜色の空",
                "calm sea at sunset, path of light on the water, crimson sky",
                &[0, 2],
            ),
            (
                "朝の海、淡い青、水平線、やわらかい光",
                "pale morning sea, wide horizon, soft light, film photograph",
                &[1, 4],
            ),
            (
                "沈む夕日と静かな海、長時間露光",
                "sun going down over a quiet ocean, long exposure, warm haze",
                &[3, 0],
            ),
        ],
        Motif::Dunes => [
            (
                "砂漠の砂丘、長い影、風紋",
                "desert dunes with long shadows, wind ripples, golden hour",
                &[0, 3],
            ),
            (
                "白い砂の丘、静かな朝、遠い地平線",
                "white sand dunes, quiet morning, distant horizon, minimal",
                &[2],
            ),
            (
                "夕焼けの砂丘、稜線、あたたかい色",
                "sand dunes at dusk, sharp crest line, warm gradient sky",
                &[1],
            ),
        ],
        Motif::Dahlia => [
            (
                "満開のダリア、真上から、幾重にも重なる花びら",
                "a dahlia in full bloom seen from above, layers upon layers of petals",
                &[0, 2, 3],
            ),
            (
                "クリーム色のダリア、植物画、紺の背景",
                "cream dahlia, botanical illustration, navy background, soft shadow",
                &[1],
            ),
            (
                "赤いダリアの花、接写、対称の美しさ",
                "crimson dahlia, macro, perfect symmetry, studio light",
                &[5],
            ),
        ],
        Motif::Seigaiha => [
            ("青海波、藍と生成り、和柄", "seigaiha wave pattern, indigo and cream, japanese textile", &[0]),
            (
                "青海波に金の差し色、和紙の質感",
                "seigaiha with touches of gold, washi paper texture",
                &[3, 4, 2],
            ),
            ("桜色の青海波、着物の柄", "seigaiha in cherry blossom pink, kimono fabric", &[1]),
        ],
        Motif::Clouds => [
            ("雲海、朝の光、飛行機の窓から", "a sea of clouds in morning light, seen from above", &[0, 2]),
            ("ふわふわの雲の上、青い空、太陽", "above fluffy clouds, blue sky, bright sun, dreamy", &[0]),
            ("夕焼けの雲海、金色、壮大", "golden sea of clouds at sunset, epic, volumetric light", &[3, 1]),
        ],
        Motif::Night => [
            (
                "満月の夜、星空と静かな湖、山影",
                "full moon and stars over a still lake, mountain silhouettes",
                &[0, 3, 1],
            ),
            (
                "天の川、湖面に映る星、深い青",
                "milky way reflected in a lake, deep blue night, long exposure",
                &[0, 4],
            ),
            ("オーロラの夜、静かな湖畔", "aurora over a quiet lake shore, starry sky", &[2]),
        ],
        Motif::Lanterns => [
            (
                "無数の灯籠が静かな湖に浮かぶ夜",
                "countless paper lanterns floating on a quiet lake at night",
                &[0, 2],
            ),
            (
                "灯籠流し、水面に揺れる光、祭りの夜",
                "lantern festival, warm lights swaying on the water, night",
                &[1, 0],
            ),
            (
                "夜の湖、空に昇る灯り、幻想的",
                "sky lanterns rising over a dark lake, dreamlike, bokeh",
                &[3, 1],
            ),
        ],
        Motif::Glass => [
            (
                "ステンドグラス、光が透ける、幾何学",
                "stained glass window, light shining through, geometric",
                &[0, 1, 2, 3],
            ),
            (
                "色とりどりのガラス、太陽の光、モザイク",
                "mosaic of coloured glass, sunlight, lead lines",
                &[0, 2],
            ),
            (
                "青と緑のステンドグラス、静かな教会",
                "blue and green stained glass, quiet chapel, glow",
                &[1, 3],
            ),
        ],
        Motif::Shapes => [
            (
                "やわらかい形、球と柱、パステル、静物",
                "soft shapes, spheres and columns, pastel, still life, 3d render",
                &[0, 3],
            ),
            (
                "円柱と球体の構成、やさしい影、ミニマル",
                "composition of columns and balls, gentle shadows, minimal",
                &[1, 0],
            ),
            (
                "色とりどりの球、やわらかい光、スタジオ撮影",
                "colourful spheres, soft light, studio photograph",
                &[4, 2],
            ),
        ],
        Motif::Water => [
            (
                "プールの水面、揺れる光、夏",
                "sunlight rippling on the floor of a pool, summer, caustics",
                &[1, 0],
            ),
            ("透明な水、光の網目、涼しげ", "clear water, net of light, cool tones, top view", &[0, 1]),
            (
                "浅瀬のきらめき、青緑、真上から",
                "shimmering shallows, teal, from above, photorealistic",
                &[0, 2],
            ),
        ],
        Motif::Window => [
            (
                "窓から差す夕日、壁に落ちる葉の影",
                "evening sun through a window, shadows of leaves on the wall",
                &[1, 3],
            ),
            (
                "やわらかな午後の光、白い壁、木漏れ日",
                "soft afternoon light, plain wall, dappled shade",
                &[0, 4],
            ),
            (
                "窓枠の影、静かな部屋、フィルム写真",
                "shadow of a window frame, quiet room, film grain",
                &[2, 0],
            ),
        ],
        Motif::Marble => [
            ("墨流し、金の線、深い藍", "suminagashi marbling, veins of gold, deep indigo", &[4]),
            ("大理石のような流れ、金箔、抽象", "fluid marble, gold leaf, abstract", &[2, 0, 1]),
            ("インクの渦、翡翠色、金継ぎ", "swirling ink, jade green, kintsugi lines", &[3]),
        ],
    }
}

const NEGATIVES: [(&str, &str); 4] = [
    ("低品質、文字、透かし", "blurry, low quality, text, watermark"),
    ("ぼやけ、ノイズ、人物", "people, noise, jpeg artifacts"),
    ("署名、文字、歪み", "signature, logo, deformed"),
    ("暗すぎる、粗い、文字", "worst quality, oversaturated, cropped, text"),
];

/// A prompt for a motif.
pub const fn prompt(motif: Motif, language: Language, variant: usize) -> &'static str {
    let (japanese, english, _) = words(motif)[variant % 3];
    match language {
        Language::Japanese => japanese,
        Language::English => english,
    }
}

/// The palettes in which a motif shows what its prompt says.
pub const fn palettes(motif: Motif, variant: usize) -> &'static [usize] {
    words(motif)[variant % 3].2
}

/// A negative prompt.
pub const fn negative(language: Language, variant: usize) -> &'static str {
    let (japanese, english) = NEGATIVES[variant % NEGATIVES.len()];
    match language {
        Language::Japanese => japanese,
        Language::English => english,
    }
}

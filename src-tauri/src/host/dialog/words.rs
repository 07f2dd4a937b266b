//! What dialogs say, in both languages.

use studio::{Language, Pick};

/// The words of one dialog.
pub(super) struct Words {
    pub title: &'static str,
    /// GTK alone lets the buttons be named.
    #[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "the desktop names them"))]
    pub accept: &'static str,
    #[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "the desktop names them"))]
    pub cancel: &'static str,
    /// Name of the filter for pictures.
    pub pictures: &'static str,
}

impl Words {
    pub fn of(what: &Pick, language: Language) -> Self {
        let saves = matches!(what, Pick::Save { .. });
        match language {
            Language::Ja => Self {
                title: match what {
                    Pick::Pictures => "取り込む画像を選ぶ",
                    Pick::Folders => "取り込むフォルダを選ぶ",
                    Pick::Archive => "書き出したZIPを選ぶ",
                    Pick::Save { plain: true, .. } => "保存先を選ぶ（このファイルは暗号化されません）",
                    Pick::Save { .. } => "バックアップの保存先を選ぶ（暗号化されたまま保存します）",
                },
                accept: if saves { "保存" } else { "選択" },
                cancel: "キャンセル",
                pictures: "画像",
            },
            Language::En => Self {
                title: match what {
                    Pick::Pictures => "Choose pictures to import",
                    Pick::Folders => "Choose folders to import",
                    Pick::Archive => "Choose an exported ZIP",
                    Pick::Save { plain: true, .. } => "Choose where to save · this file is not encrypted",
                    Pick::Save { .. } => "Choose where to save the backup · it stays encrypted",
                },
                accept: if saves { "Save" } else { "Choose" },
                cancel: "Cancel",
                pictures: "Pictures",
            },
        }
    }
}

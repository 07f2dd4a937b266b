//! What a person reads in the window, in both languages.

/// The words of one language. Patterns begin with `/`, see [`super::Page`].
pub struct Words {
    /// As in `LANG`.
    pub locale: &'static str,
    /// As in the page's `lang`.
    pub code: &'static str,
    /// Carries a screen of the first run on.
    pub go_on: &'static str,
    /// Field of a passphrase.
    pub passphrase: &'static str,
    /// Its second field.
    pub again: &'static str,
    /// Choice of the keychain.
    pub keychain: &'static str,
    /// Makes the vault.
    pub protect: &'static str,
    /// Names the list of the recovery key's groups.
    pub recovery: &'static str,
    /// Before and after the number of a group.
    pub group: (&'static str, &'static str),
    /// Confirms the recovery key.
    pub written_down: &'static str,
    /// Opens the dialog for folders.
    pub choose_folder: &'static str,
    /// Goes on without any.
    pub skip: &'static str,
    /// The sheet with the plan of an import.
    pub import: &'static str,
    /// Carries an import out, with its number.
    pub import_pictures: &'static str,
    /// What shows while files are held over the window.
    pub drop_here: &'static str,
    /// The search field.
    pub search: &'static str,
    /// Grid of pictures.
    pub pictures: &'static str,
    /// The viewer.
    pub viewer: &'static str,
    /// The trash, with its number.
    pub trash: &'static str,
    /// The gallery, with its number.
    pub gallery: &'static str,
    /// The settings.
    pub settings: &'static str,
    /// Opens the dialog for an archive that is to be verified.
    pub verify: &'static str,
    /// Before and after the number of files that are as they were written.
    pub verified: (&'static str, &'static str),
    /// Opens the dialog for an archive that is to be taken in.
    pub choose_archive: &'static str,
    /// Before and after the number of pictures that were in it.
    pub brought_in: (&'static str, &'static str),
    /// What is asked before the trash is emptied, with the number.
    pub empties_trash: &'static str,
    /// Erases for good, with the number.
    pub erase: &'static str,
    /// Brings back from the trash what is chosen.
    pub restore: &'static str,
    /// Two were brought back.
    pub restored_two: &'static str,
    /// Erases all that is in the trash.
    pub empty_trash: &'static str,
    /// The sorts: newest, oldest, last added, by name, largest.
    pub sorts: [&'static str; 5],
    /// Stops a running job.
    pub cancel: &'static str,
    /// Rate and time left of a running job.
    pub pace: &'static str,
    /// A job was stopped.
    pub stopped: &'static str,
    /// Locks.
    pub lock: &'static str,
    /// The lock screen's title.
    pub locked: &'static str,
    /// Unlocks.
    pub unlock: &'static str,
    /// The promise at the foot.
    pub nothing_has_left: &'static str,
    /// Choices of the theme: dark, light.
    pub themes: [&'static str; 2],
    /// The language's own name.
    pub itself: &'static str,
    /// The count while something is searched, with any hits at all.
    pub some_of_all: &'static str,
    /// A word that prompts of the samples have.
    pub lanterns: &'static str,
}

impl Words {
    /// So many pictures, as the count above the grid says it.
    pub fn count(&self, n: usize) -> String {
        match (self.code, n) {
            ("ja", _) => format!("{n}点"),
            (_, 1) => "1 picture".to_owned(),
            _ => format!("{n} pictures"),
        }
    }

    /// Carries an import of so many pictures out.
    pub fn import_so_many(&self, n: usize) -> String {
        if self.code == "ja" { format!("{n}点を取り込む") } else { format!("Import {}", self.count(n)) }
    }

    /// As [`Words::count_of`], in English and with thousands set apart.
    pub fn count_of_many(&self, n: usize, all: usize) -> String {
        let apart = |n: usize| match n {
            0..1000 => n.to_string(),
            _ => format!("{},{:03}", n / 1000, n % 1000),
        };
        format!("{} of {}", apart(n), apart(all))
    }

    /// So many pictures of all, as the count says while something is searched.
    pub fn count_of(&self, n: usize, all: usize) -> String {
        if self.code == "ja" { format!("{all}点中 {n}点") } else { format!("{n} of {all}") }
    }
}

/// Japanese.
pub const JA: Words = Words {
    locale: "ja_JP.UTF-8",
    code: "ja",
    go_on: "次へ",
    passphrase: "パスフレーズ",
    again: "もう一度入力",
    keychain: "このコンピュータのキーチェーン",
    protect: "保護して次へ",
    recovery: "回復キー",
    group: ("", "組目"),
    written_down: "書き留めました",
    choose_folder: "フォルダを選ぶ",
    skip: "画像なしで始める",
    import: "取り込み",
    import_pictures: r"/^\d+点を取り込む$",
    drop_here: "ドロップすると中を調べます",
    search: "プロンプト、タグ、モデルを検索",
    pictures: "画像",
    viewer: "ビューア",
    trash: r"/^ゴミ箱( ?\d+)?$",
    gallery: r"/^ギャラリー( ?\d+)?$",
    settings: "設定",
    verify: "検証",
    verified: ("検証済み・", "件すべて正しいです"),
    choose_archive: "アーカイブを選ぶ",
    brought_in: ("アーカイブから", "を戻しました"),
    empties_trash: r"/^ゴミ箱を空にする（\d+点を完全に削除）$",
    erase: r"/^\d+点を完全に削除$",
    restore: "ゴミ箱から戻す",
    restored_two: "2点をゴミ箱から戻しました",
    empty_trash: "ゴミ箱を空にする",
    sorts: ["新しい順", "古い順", "追加した順", "ファイル名順", "大きい順"],
    cancel: "キャンセル",
    pace: r"毎秒[\d.,]+点 · 残り\d",
    stopped: "中止・",
    lock: "ロック",
    locked: "ロック中",
    unlock: "ロックを解除",
    nothing_has_left: "開いてから何も外に出ていません",
    themes: ["ダーク", "ライト"],
    itself: "日本語",
    some_of_all: r"/^\d+点中 [1-9]\d*点$",
    lanterns: "灯籠",
};

/// English.
pub const EN: Words = Words {
    locale: "en_US.UTF-8",
    code: "en",
    go_on: "Continue",
    passphrase: "Passphrase",
    again: "Repeat the passphrase",
    keychain: "This computer’s keychain",
    protect: "Protect and continue",
    recovery: "Your recovery key",
    group: ("Group ", ""),
    written_down: "It is written down",
    choose_folder: "Choose a folder",
    skip: "Start without pictures",
    import: "Import",
    import_pictures: r"/^Import \d+ pictures?$",
    drop_here: "Drop to look through them",
    search: "Search prompts, tags, models",
    pictures: "Pictures",
    viewer: "Viewer",
    trash: r"/^Trash( ?\d+)?$",
    gallery: r"/^Gallery( ?\d+)?$",
    settings: "Settings",
    verify: "Verify",
    verified: ("Archive verified · all ", " files are right"),
    choose_archive: "Choose an archive",
    brought_in: ("", " brought in from the archive"),
    empties_trash: r"/^Empty the trash: erase \d+ pictures? for good$",
    erase: r"/^Erase \d+ pictures? for good$",
    restore: "Restore",
    restored_two: "2 pictures restored",
    empty_trash: "Empty the trash",
    sorts: ["Newest first", "Oldest first", "Last added first", "By file name", "Largest first"],
    cancel: "Cancel",
    pace: r"[\d.,]+ a second · \d.* left",
    stopped: "Stopped · ",
    lock: "Lock",
    locked: "Locked",
    unlock: "Unlock",
    nothing_has_left: "Nothing has left this computer",
    themes: ["Dark", "Light"],
    itself: "English",
    some_of_all: r"/^[1-9]\d* of \d+$",
    lanterns: "lantern",
};

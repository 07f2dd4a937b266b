//! What is said of checks, salvage, backups, room, destruction and several vaults.

use jiff::tz::TimeZone;
use model::Timestamp;
use studio::{Destruction, KeychainFate, Language, Lost, Report, SpaceView, Status};

use crate::language::pick;
use crate::output::shown;
use crate::texts::results::{fact, pictures, size};
use crate::texts::{codes, times};

/// What a check found, part by part.
pub fn checked(report: &Report, language: Language) -> Vec<String> {
    let Report::Check { items, damaged, thumbnails, unreadable, catalogue_whole, images_whole, quick } =
        report
    else {
        return Vec::new();
    };
    let hurt = damaged.len() + thumbnails.len() + unreadable;
    if hurt == 0 && *catalogue_whole && *images_whole {
        let what = pictures(*items, language);
        return vec![match (language, quick) {
            (Language::En, true) => "Both files of the vault are whole; no picture was opened".to_owned(),
            (Language::Ja, true) => "保管庫の2つのファイルは正常です（画像は開いていません）".to_owned(),
            (Language::En, false) => format!("The vault is whole: {what} read back well"),
            (Language::Ja, false) => format!("保管庫は正常です（{what}すべて読めました）"),
        }];
    }
    let state = |whole| {
        if whole {
            pick(language, "whole", "正常")
        } else {
            pick(language, "damaged", "壊れています")
        }
    };
    let mut lines = vec![pick(language, "The vault is damaged", "保管庫が壊れています").to_owned()];
    let mut add = |en, ja, value: &str| lines.push(format!("  {}", fact(language, en, ja, value)));
    add("Catalogue", "目録", state(*catalogue_whole));
    add("Pictures’ file", "画像のファイル", state(*images_whole));
    if !quick {
        let well = items.saturating_sub(hurt);
        add("Read back well", "正常に読めた画像", &pictures(well, language));
    }
    for (n, en, ja) in [
        (*unreadable, "Row in the catalogue not readable", "目録の記録が読めない画像"),
        (thumbnails.len(), "Only the thumbnail damaged", "サムネイルだけが壊れた画像"),
        (damaged.len(), "Not readable", "読めない画像"),
    ] {
        if n > 0 {
            add(en, ja, &pictures(n, language));
        }
    }
    lines
}

/// An item whose thumbnail alone is hurt.
pub fn thumbnail(id: &str, language: Language) -> String {
    format!("  {id}{}", pick(language, " (thumbnail)", "（サムネイル）"))
}

/// What to do with a damaged vault.
pub fn what_now(language: Language) -> String {
    pick(
        language,
        "Nothing was changed. “zimage salvage” saves everything that still verifies; a backup has the rest.",
        "何も変更していません。「zimage salvage」で、まだ正しく読めるものをすべて救い出せます。残りはバックアップにあります。",
    )
    .to_owned()
}

/// What was saved, and what not.
pub fn salvaged(report: &Report, language: Language) -> Vec<String> {
    let Report::Salvage { items, pictures: whole, losses, all_known, images, bytes, .. } = report else {
        return Vec::new();
    };
    let what = pictures(*whole, language);
    let mut lines = vec![match language {
        Language::En => format!("{what} saved · {}", size(*bytes)),
        Language::Ja => format!("{what}を救い出しました・{}", size(*bytes)),
    }];
    if items > whole {
        let texts = pictures(items - whole, language);
        lines.push(fact(language, "Saved without the picture", "画像なしで救い出したもの", &texts));
    }
    lines.extend(images.map(|code| codes::of(code, language).to_owned()));
    if !all_known {
        lines.push(
            pick(
                language,
                "The list of pictures is damaged as well: there may have been more than are named here.",
                "画像の一覧も壊れているため、ここに出ていない画像があったかもしれません。",
            )
            .to_owned(),
        );
    }
    lines.extend(losses.iter().map(|loss| {
        let name = loss.id.map_or_else(|| format!("#{}", loss.seq), |id| id.to_string());
        let lost = match loss.part {
            Lost::All => pick(language, "could not be saved", "救い出せませんでした"),
            Lost::Picture => pick(language, "the picture could not be saved", "画像を救い出せませんでした"),
            Lost::Row => pick(
                language,
                "saved with what the picture itself says; title, tags and trash are lost",
                "画像に書かれた情報だけで救い出しました。題名、タグ、ゴミ箱の情報は失われました",
            ),
            Lost::Details => pick(
                language,
                "tags or raw metadata could not be saved",
                "タグか元のメタデータを救い出せませんでした",
            ),
        };
        format!("  {name}{}{lost}", pick(language, ": ", "："))
    }));
    lines
}

/// A backup was made, verified or turned into a vault.
pub fn backed_up(report: &Report, language: Language) -> Vec<String> {
    let (line, incomplete) = match report {
        Report::Backup { items, incomplete, bytes, .. } => {
            let (what, size) = (pictures(*items, language), size(*bytes));
            let line = match language {
                Language::En => format!("{what} backed up and read back · {size}"),
                Language::Ja => format!("{what}をバックアップし、読み直して確かめました・{size}"),
            };
            (line, *incomplete)
        }
        Report::VerifyBackup { items, incomplete, created_at, .. } => {
            let (what, made) = (pictures(*items, language), made(created_at, language));
            let line = match language {
                Language::En => format!("The backup of {made} is whole: {what}"),
                Language::Ja => format!("{made} のバックアップは正常です（{what}）"),
            };
            (line, *incomplete)
        }
        Report::RestoreBackup { items, incomplete, folder, .. } => {
            let (what, folder) = (pictures(*items, language), shown(folder));
            let line = match language {
                Language::En => format!("A vault with {what} was made: {folder}"),
                Language::Ja => format!("{what}の保管庫を作りました：{folder}"),
            };
            (line, *incomplete)
        }
        _ => return Vec::new(),
    };
    let mut lines = vec![line];
    if incomplete > 0 {
        let what = pictures(incomplete, language);
        lines.push(fact(language, "Not whole in the vault already", "保管庫ですでに欠けていたもの", &what));
    }
    lines
}

/// A report's RFC 3339 time for the person.
fn made(created_at: &str, language: Language) -> String {
    match Timestamp::from_rfc3339(created_at) {
        Ok(time) => times::told(time, &TimeZone::system(), language),
        Err(_) => shown(created_at).into_owned(),
    }
}

/// What to do with the file on another computer.
pub fn how_to_move(status: &Status, language: Language) -> Vec<String> {
    let mut lines = vec![
        pick(
            language,
            "To move to another computer: copy the file there, run “zimage restore-backup FILE”, and open the vault with the passphrase or the recovery key.",
            "別のコンピュータに移すには、ファイルをコピーして「zimage restore-backup FILE」を実行し、パスフレーズか回復キーで保管庫を開きます。",
        )
        .to_owned(),
    ];
    if !status.by_passphrase {
        let (en, ja) = if status.recovery_confirmed {
            (
                "The keychain stays on this computer: there the recovery key is what opens the vault.",
                "キーチェーンはこのコンピュータに残ります。移した先では、回復キーで開きます。",
            )
        } else {
            (
                "The keychain stays on this computer, and the recovery key is not confirmed yet. Without it the backup opens nowhere else: write it down first.",
                "キーチェーンはこのコンピュータに残ります。回復キーがまだ確認されていません。書き留めておかないと、ほかではバックアップを開けません。",
            )
        };
        lines.push(pick(language, en, ja).to_owned());
    }
    lines
}

/// What opens a vault that was made of a backup.
pub fn how_to_open(language: Language) -> String {
    pick(
        language,
        "It opens with the passphrase or the recovery key that it had. The present vault was left as it is; “zimage vaults” shows both.",
        "当時のパスフレーズか回復キーで開きます。今の保管庫はそのままです。「zimage vaults」で両方が見えます。",
    )
    .to_owned()
}

/// How much compacting would give back.
pub fn room(space: SpaceView, language: Language) -> String {
    let (used, free) = (size(space.used), size(space.free));
    match language {
        Language::En => format!("The vault takes {used}; {free} of it can be given back"),
        Language::Ja => format!("保管庫は{used}を使っています。うち{free}を返せます"),
    }
}

/// What compacting gave back.
pub fn compacted(freed: u64, bytes: u64, language: Language) -> Vec<String> {
    let (freed, bytes) = (size(freed), size(bytes));
    vec![match language {
        Language::En => format!("{freed} given back; the vault takes {bytes} now"),
        Language::Ja => format!("{freed}を返しました。保管庫は{bytes}になりました"),
    }]
}

/// Asks before destroying.
pub fn destroy_question(folder: &str, language: Language) -> String {
    let folder = shown(folder);
    match language {
        Language::En => format!(
            "{folder}\nThis destroys the vault with everything in it. It can’t be undone. Type “destroy” to go on: "
        ),
        Language::Ja => format!(
            "{folder}\nこの保管庫を中身ごと破棄します。取り消せません。進めるには「破棄」と入力してください: "
        ),
    }
}

/// Whether the person typed the word.
pub fn is_destroy_word(word: &str) -> bool {
    word.eq_ignore_ascii_case("destroy") || word == "破棄"
}

/// Which vault the next command is about.
pub fn in_use_now(folder: Option<&str>, language: Language) -> String {
    match folder {
        Some(folder) => fact(language, "The vault in use now", "これから使う保管庫", &shown(folder)),
        None => pick(language, "There is no other vault", "ほかに保管庫はありません").to_owned(),
    }
}

/// What is gone and what can survive.
pub fn destroyed(gone: &Destruction, language: Language) -> Vec<String> {
    let mut lines = vec![pick(language, "The vault is destroyed", "保管庫を破棄しました").to_owned()];
    lines.extend(gone.removed.iter().map(|name| format!("  {}", shown(name))));
    if !gone.left.is_empty() {
        let left = gone.left.join(", ");
        lines.push(fact(language, "Still in the folder", "フォルダに残っているもの", &shown(&left)));
    }
    let (en, ja) = match gone.keychain {
        KeychainFate::Removed => ("removed, or there was none", "削除しました（またはありませんでした）"),
        KeychainFate::Shared => {
            ("kept: another copy of this vault opens with it", "残しました（同じ保管庫の別の控えが使います）")
        }
        KeychainFate::Left => (
            "could not be removed; it opens nothing here any more",
            "削除できませんでした。ここではもう何も開きません",
        ),
    };
    lines.push(fact(language, "Key in the keychain", "キーチェーンの鍵", pick(language, en, ja)));
    let (en, ja) = if gone.recovery_key_existed {
        (
            "Backups and copies made before still open with their passphrase or recovery key, and exports are in the clear: delete them yourself.",
            "以前のバックアップや控えは、当時のパスフレーズや回復キーで今も開きます。書き出したファイルは暗号化されていません。必要ならご自分で削除してください。",
        )
    } else {
        (
            "Backups and copies made before still open with their secrets, and exports are in the clear: delete them yourself.",
            "以前のバックアップや控えは今も開きます。書き出したファイルは暗号化されていません。必要ならご自分で削除してください。",
        )
    };
    lines.push(pick(language, en, ja).to_owned());
    lines
}

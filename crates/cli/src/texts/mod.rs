//! Every text that a person reads, in Japanese and English. The words are those of the window.

pub mod codes;
pub mod generators;
pub mod import;
pub mod keeping;
pub mod results;
pub mod times;
pub mod vaults;

use studio::{Job, JobKind, Language, Refusal};

use crate::language::pick;
use crate::trouble::Trouble;

/// Why a file was not taken.
pub fn refusal(refusal: Refusal, language: Language) -> &'static str {
    match refusal {
        Refusal::Empty => pick(language, "Empty file", "空のファイル"),
        Refusal::Unreadable => pick(language, "Can’t be read", "読めません"),
        Refusal::Vanished => pick(language, "Not there", "見つかりません"),
        Refusal::Unsupported => pick(language, "Not a picture of a known kind", "対応していない種類"),
        Refusal::Damaged => pick(language, "Damaged", "壊れています"),
        Refusal::TooLarge => pick(language, "Too large to open safely", "大きすぎて安全に開けません"),
    }
}

/// The troubles that only a command line has.
pub fn trouble(trouble: Trouble, language: Language) -> &'static str {
    let (en, ja) = match trouble {
        Trouble::PassphraseMissing => (
            "No passphrase was given, and there is no terminal to ask on. Use --passphrase-file or ZIMAGE_PASSPHRASE.",
            "パスフレーズがなく、尋ねる端末もありません。--passphrase-file か ZIMAGE_PASSPHRASE を使ってください。",
        ),
        Trouble::PassphraseUnreadable => (
            "The passphrase can’t be read: its file is not there or not allowed, or it is not UTF-8.",
            "パスフレーズを読めません。ファイルがないか、許可がないか、UTF-8 ではありません。",
        ),
        Trouble::PassphrasesDiffer => (
            "The two passphrases are not the same. Nothing was made.",
            "2つのパスフレーズが違います。何も作っていません。",
        ),
        Trouble::BadId => (
            "That is not the id of a picture. “zimage list” shows the ids.",
            "画像の ID ではありません。ID は「zimage list」で確かめてください。",
        ),
        Trouble::AmbiguousId => (
            "The id is ambiguous: several pictures begin like this. Give more of it.",
            "ID があいまいです。同じ始まりの画像がいくつかあります。続きも入れてください。",
        ),
        Trouble::AmbiguousVault => (
            "Several vaults are called this. Give the folder of the one that is meant, as the list shows it.",
            "同じ名前の保管庫がいくつかあります。一覧にあるフォルダの名前で指定してください。",
        ),
        Trouble::Folder => (
            "This is a folder. Name the picture files in it, for example FOLDER/*.png.",
            "フォルダです。中の画像ファイルを指定してください（例：フォルダ/*.png）。",
        ),
        Trouble::NotConfirmed => ("Nothing was erased.", "何も削除していません。"),
        Trouble::NoConfirmation => (
            "Erasing can’t be undone, and there is no terminal to ask on. Add --yes. Nothing was erased.",
            "完全な削除は取り消せず、確かめる端末もありません。--yes を付けてください。何も削除していません。",
        ),
        Trouble::NotDestroyed => ("Nothing was destroyed.", "何も破棄していません。"),
        Trouble::NoHome => (
            "The system has no home folder for you. Name the vault’s folder with --vault.",
            "ホームフォルダがありません。--vault で保管庫のフォルダを指定してください。",
        ),
        Trouble::Usage => ("The arguments are not right.", "引数が正しくありません。"),
        // These have their texts elsewhere, or nobody to read them.
        Trouble::Code(_) | Trouble::File(_) | Trouble::PipeClosed => ("", ""),
    };
    pick(language, en, ja)
}

/// How far a job is, in one line.
pub fn progress(job: &Job, language: Language) -> String {
    let what = match job.kind {
        JobKind::Plan => pick(language, "Looking through files", "ファイルを調べています"),
        JobKind::Import => pick(language, "Importing", "取り込み中"),
        JobKind::Export => pick(language, "Exporting", "書き出し中"),
        JobKind::Restore => pick(language, "Importing the archive", "アーカイブを取り込み中"),
        JobKind::Verify => pick(language, "Verifying", "検証中"),
        JobKind::Check => pick(language, "Checking", "検査中"),
        JobKind::Backup => pick(language, "Backing up", "バックアップ中"),
        JobKind::VerifyBackup => pick(language, "Verifying the backup", "バックアップを検証中"),
        JobKind::RestoreBackup => pick(language, "Restoring the backup", "バックアップから復元中"),
        JobKind::Salvage => pick(language, "Salvaging", "救い出しています"),
        JobKind::Compact => pick(language, "Compacting", "空きを返しています"),
        JobKind::Erase => pick(language, "Erasing", "完全に削除中"),
        JobKind::Renew => pick(language, "Renewing the vault’s keys", "保管庫の鍵を更新中"),
    };
    let mut line = match job.total {
        0 => format!("{what}  {}", job.done),
        total => format!("{what}  {} / {total}", job.done),
    };
    if job.stopping {
        line.push_str(pick(language, " · stopping", "・止めています"));
        return line;
    }
    if let Some(rate) = job.per_second {
        line.push_str(&match language {
            Language::En => format!(" · {rate:.1} a second"),
            Language::Ja => format!("・毎秒{rate:.1}点"),
        });
    }
    if let Some(seconds) = job.seconds_left {
        line.push_str(&left(seconds, language));
    }
    line
}

fn left(seconds: f64, language: Language) -> String {
    let (count, en, ja) = match seconds {
        s if s < 90.0 => (s, "s", "秒"),
        s if s < 5400.0 => (s / 60.0, "min", "分"),
        s => (s / 3600.0, "h", "時間"),
    };
    match language {
        Language::En => format!(" · {count:.0} {en} left"),
        Language::Ja => format!("・残り{count:.0}{ja}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_told_in_the_largest_fitting_unit() {
        assert_eq!(left(89.0, Language::En), " · 89 s left");
        assert_eq!(left(600.0, Language::Ja), "・残り10分");
        assert_eq!(left(7200.0, Language::En), " · 2 h left");
    }
}

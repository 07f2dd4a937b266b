//! What a command did, in a sentence or a few lines.

use studio::{Language, Report};

use crate::language::pick;
use crate::output::shown;
use crate::texts::{import, keeping};

/// So many pictures.
pub fn pictures(n: usize, language: Language) -> String {
    match (language, n) {
        (Language::En, 1) => "1 picture".to_owned(),
        (Language::En, n) => format!("{n} pictures"),
        (Language::Ja, n) => format!("{n}点"),
    }
}

/// A length in bytes as a person reads it.
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1000.0;
    let mut units = UNITS.iter();
    let mut unit = units.next();
    while value >= 999.5 {
        let Some(next) = units.next() else { break };
        value /= 1000.0;
        unit = Some(next);
    }
    let digits = if value < 9.95 { 1 } else { 0 };
    format!("{value:.digits$} {}", unit.copied().unwrap_or_default())
}

/// Pictures were put into the trash.
pub fn discarded(n: usize, language: Language) -> String {
    let what = pictures(n, language);
    match language {
        Language::En => format!("{what} moved to the trash"),
        Language::Ja => format!("{what}をゴミ箱に移しました"),
    }
}

/// Pictures were taken out of the trash.
pub fn restored(n: usize, language: Language) -> String {
    let what = pictures(n, language);
    match language {
        Language::En => format!("{what} taken out of the trash"),
        Language::Ja => format!("{what}をゴミ箱から戻しました"),
    }
}

/// There was nothing to erase.
pub fn trash_is_empty(language: Language) -> &'static str {
    pick(language, "The trash is empty", "ゴミ箱は空です")
}

/// Asks before erasing.
pub fn erase_question(n: usize, language: Language) -> String {
    let what = pictures(n, language);
    match language {
        Language::En => format!("Erase {what} for good? This can’t be undone. [y/N] "),
        Language::Ja => format!("{what}を完全に削除しますか？ 取り消せません。[y/N] "),
    }
}

/// What was meant as a condition and could not be read was taken as words.
pub fn unknown_fields(fields: &[String], language: Language) -> Vec<String> {
    let told = |field: &String| match language {
        Language::En => format!("“{}:” was not understood, so it was searched for as a word", shown(field)),
        Language::Ja => format!("「{}:」は条件として読めないため、言葉として探しました", shown(field)),
    };
    fields.iter().map(told).collect()
}

/// The lines about what a job did.
pub fn report(report: &Report, language: Language) -> Vec<String> {
    match report {
        Report::Plan { .. } => import::planned(report, language),
        Report::Import { .. } => import::done(report, language),
        Report::Export { items, damaged, bytes, .. } => {
            let what = pictures(*items, language);
            let mut lines = vec![match language {
                Language::En => format!("{what} exported · {}", size(*bytes)),
                Language::Ja => format!("{what}を書き出しました・{}", size(*bytes)),
            }];
            lines.extend(damaged_line(*damaged, language));
            lines
        }
        Report::Restore { added, duplicates, damaged, damaged_ids } => {
            let mut lines = vec![brought_back(*added, *duplicates, language)];
            lines.extend(damaged_line(*damaged, language));
            lines.extend(damaged_ids.iter().map(|id| format!("  {}", shown(id))));
            lines.extend(more_damaged(damaged.saturating_sub(damaged_ids.len()), language));
            lines
        }
        Report::Verify { whole, changed, missing, extra, .. } => {
            verified(*whole, changed, missing, extra, language)
        }
        // Its damaged items are named by the command, which knows their ids.
        Report::Check { .. } => keeping::checked(report, language),
        Report::Backup { .. } | Report::VerifyBackup { .. } | Report::RestoreBackup { .. } => {
            keeping::backed_up(report, language)
        }
        Report::Salvage { .. } => keeping::salvaged(report, language),
        Report::Compact { freed, bytes } => keeping::compacted(*freed, *bytes, language),
        Report::Renew {} => {
            vec![pick(language, "The vault’s keys were renewed", "保管庫の鍵を更新しました").to_owned()]
        }
        Report::Erase { erased } => {
            let what = pictures(*erased, language);
            vec![match language {
                Language::En => format!("{what} erased for good"),
                Language::Ja => format!("{what}を完全に削除しました"),
            }]
        }
    }
}

pub(super) fn fact(language: Language, en: &str, ja: &str, value: &str) -> String {
    format!("{}{}{value}", pick(language, en, ja), pick(language, ": ", "："))
}

fn brought_back(added: usize, duplicates: usize, language: Language) -> String {
    let what = pictures(added, language);
    match language {
        Language::En => format!("{what} brought in from the archive, {duplicates} already here"),
        Language::Ja => format!("アーカイブから{what}を取り込みました（重複 {duplicates}）"),
    }
}

fn damaged_line(damaged: usize, language: Language) -> Option<String> {
    let what = pictures(damaged, language);
    (damaged > 0).then(|| fact(language, "Could not be read", "読めなかったもの", &what))
}

/// Those whose row does not even say an id.
fn more_damaged(n: usize, language: Language) -> Option<String> {
    (n > 0).then(|| match language {
        Language::En => format!("  and {n} more whose id is not known"),
        Language::Ja => format!("  ほか、ID が分からないもの{n}点"),
    })
}

fn verified(
    whole: usize,
    changed: &[String],
    missing: &[String],
    extra: &[String],
    language: Language,
) -> Vec<String> {
    let wrong = changed.len() + missing.len() + extra.len();
    let mut lines = vec![match (language, wrong) {
        (Language::En, 0) => format!("The archive is whole: all {whole} files are right"),
        (Language::Ja, 0) => format!("アーカイブは正常です（{whole}件すべて正しいです）"),
        (Language::En, 1) => "The archive is not whole: 1 file is not right".to_owned(),
        (Language::En, n) => format!("The archive is not whole: {n} files are not right"),
        (Language::Ja, n) => format!("アーカイブは正常ではありません（{n}件が正しくありません）"),
    }];
    for (paths, en, ja) in [
        (changed, "Changed", "変わっている"),
        (missing, "Missing", "足りない"),
        (extra, "Does not belong", "余分"),
    ] {
        lines.extend(paths.iter().map(|path| format!("  {}", fact(language, en, ja, &shown(path)))));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_two_or_three_digits() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (12_400, "12 kB"),
            (999_499, "999 kB"),
            (999_500, "1.0 MB"),
            (18_446_744_073_709_551_615, "18447 PB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }
}

//! What an import would do, what it did, and every file that it left.

use studio::{Language, LeftFile, LeftWhy, Report};

use crate::language::pick;
use crate::output::shown;
use crate::texts;
use crate::texts::results::{fact, pictures, size};

/// The lines about what an import would do; none for another report.
pub fn planned(report: &Report, language: Language) -> Vec<String> {
    let Report::Plan { new, duplicates, restored, refused, skipped, bytes, .. } = report else {
        return Vec::new();
    };
    let of = |en, ja, n: &usize| fact(language, en, ja, &pictures(*n, language));
    vec![
        of("New", "新規", new),
        of("Already here", "重複", duplicates),
        of("In the trash, come out of it", "ゴミ箱にあり、戻すもの", restored),
        of(
            "Can’t be taken (damage shows when they are opened)",
            "取り込めないもの（壊れているかは開くときに分かります）",
            refused,
        ),
        other_files(*skipped, language),
        fact(language, "Room they take", "必要な容量", &size(*bytes)),
    ]
}

/// The lines about what an import did; none for another report.
pub fn done(report: &Report, language: Language) -> Vec<String> {
    let Report::Import {
        added,
        duplicates,
        restored,
        without_prompt,
        refused,
        skipped,
        not_reached,
        undecided,
        left,
    } = report
    else {
        return Vec::new();
    };
    let of = |en, ja, n: usize| (n > 0).then(|| fact(language, en, ja, &pictures(n, language)));
    let mut lines = vec![imported(*added, *duplicates, *without_prompt, language)];
    lines.extend(of("Out of the trash", "ゴミ箱から戻したもの", *restored));
    lines.extend(of("Not taken", "取り込めなかったもの", refused.len()));
    lines.extend(refused.iter().map(|file| {
        let reason = texts::refusal(file.reason, language);
        format!("  {}{}{reason}", shown(&file.path), pick(language, ": ", "："))
    }));
    if *skipped > 0 {
        lines.push(other_files(*skipped, language));
    }
    lines.extend(of("Not reached", "未取り込み", *not_reached));
    lines.extend(of("Perhaps saved", "保存できたか不明", *undecided));
    lines.extend(left_alone(left, duplicates + restored + skipped + not_reached + undecided, language));
    lines
}

fn imported(added: usize, duplicates: usize, without_prompt: usize, language: Language) -> String {
    let what = pictures(added, language);
    match language {
        Language::En => {
            format!("{what} imported, {duplicates} already here, {without_prompt} without a prompt inside")
        }
        Language::Ja => {
            format!("{what}を取り込みました（重複 {duplicates}、プロンプトなし {without_prompt}）")
        }
    }
}

fn other_files(n: usize, language: Language) -> String {
    fact(language, "Other files, left alone", "ほかの種類のファイル（そのまま）", &n.to_string())
}

/// So many files that were left alone are named on a terminal; `--json` names all.
const NAMED: usize = 20;

fn left_alone(left: &[LeftFile], all: usize, language: Language) -> Vec<String> {
    if left.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![pick(language, "Left where they are:", "そのままにしたファイル：").to_owned()];
    lines.extend(left.iter().take(NAMED).map(|file| {
        let why = match file.why {
            LeftWhy::AlreadyHere => pick(language, "Already here", "すでに保管庫にあります"),
            LeftWhy::OtherKind => pick(language, "Another kind of file", "画像ではないファイル"),
            LeftWhy::NotReached => {
                pick(language, "The import ended before this one", "まだ取り込んでいません")
            }
            LeftWhy::Undecided => pick(
                language,
                "The disk failed while saving; import it again, nothing is stored twice",
                "保存中にディスクのエラー。もう一度取り込んでください（重複はしません）",
            ),
        };
        format!("  {}{}{why}", shown(&file.path), pick(language, ": ", "："))
    }));
    let more = all.saturating_sub(left.len().min(NAMED));
    if more > 0 {
        lines.push(match language {
            Language::En => format!("  and {more} more; --json names them"),
            Language::Ja => format!("  ほか{more}件（--json ですべて表示します）"),
        });
    }
    lines
}

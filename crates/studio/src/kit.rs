//! The recovery kit: one page to print, in the person's language. Not encrypted, and it says so.

use std::io::Write;
use std::path::Path;

use model::Timestamp;

use crate::Language;

struct Words {
    lang: &'static str,
    title: &'static str,
    what: &'static str,
    /// On the screen alone.
    now: &'static str,
    key: &'static str,
    signs: &'static str,
    use_title: &'static str,
    steps: [&'static str; 3],
    keep_title: &'static str,
    keep: [&'static str; 3],
    made: &'static str,
    vault: &'static str,
    place: &'static str,
}

const EN: Words = Words {
    lang: "en",
    title: "Z-Image recovery key",
    what: "This key opens your vault when nothing else does. Whoever has it can open the vault, too.",
    now: "This file is not encrypted. Print this page or write the key down, then delete the file and empty the trash of \
          this computer.",
    key: "The key",
    signs: "It has no O, I, L or U: what looks like O is the digit 0, what looks like I or L is the digit 1.",
    use_title: "To open the vault with it",
    steps: [
        "Start Z-Image on a computer that has the vault.",
        "On the lock screen choose “Use the recovery key”.",
        "Type all groups in order. Capitals, spaces and dashes do not matter.",
    ],
    keep_title: "To keep it",
    keep: [
        "Keep it where you keep important papers, away from the computer.",
        "Do not photograph it with a phone that copies its pictures to somebody’s servers.",
        "A new recovery key makes this one worthless for the vault, but backups and copies from before still open with \
         it: destroy the page when they are gone.",
    ],
    made: "Made",
    vault: "For the vault",
    place: "Kept at",
};

const JA: Words = Words {
    lang: "ja",
    title: "Z-Image 回復キー",
    what: "ほかの方法で保管庫を開けないとき、このキーで開けます。このキーを持つ人は、だれでも保管庫を開けます。",
    now: "このファイルは暗号化されていません。印刷するか書き写したあと、ファイルを削除し、コンピュータのごみ箱も空にしてください。",
    key: "キー",
    signs: "O・I・L・U は使われていません。O に見えるものは数字の 0、I や L に見えるものは数字の 1 です。",
    use_title: "このキーで保管庫を開くには",
    steps: [
        "保管庫のあるコンピュータで Z-Image を起動します。",
        "ロック画面で「回復キーを使う」を選びます。",
        "すべてのグループを順に入力します。大文字・小文字、空白、ハイフンの有無は問いません。",
    ],
    keep_title: "保管するには",
    keep: [
        "大切な書類と一緒に、コンピュータとは別の場所に保管してください。",
        "写真をサーバーに自動で保存するスマートフォンでは撮影しないでください。",
        "新しい回復キーを作ると、このキーで保管庫は開けなくなります。ただし、それより前のバックアップや控えは今もこのキーで開きます。それらがなくなったら、この紙を破棄してください。",
    ],
    made: "作成日",
    vault: "保管庫",
    place: "保管場所",
};

/// A sheet of A4 on the screen and on paper. Black on white: it is written down by hand as well.
pub(crate) const STYLE: &str = "\
@page { size: A4; margin: 18mm }
:root { color-scheme: light }
* { box-sizing: border-box; margin: 0 }
body { font: 11pt/1.65 'Hiragino Sans', 'Yu Gothic UI', Meiryo, 'Noto Sans CJK JP', 'Noto Sans JP', system-ui, sans-serif;
  color: #000; background: #fff; line-break: strict; overflow-wrap: anywhere }
p, li { text-wrap: pretty }
:lang(ja) { word-break: auto-phrase }
:lang(en) body { font-family: system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif }
h1 { font-size: 20pt; line-height: 1.3; margin-bottom: 3mm }
h2 { font-size: 11pt; margin: 8mm 0 2mm; break-after: avoid }
.now { border: 0.5mm solid #000; padding: 4mm; margin-bottom: 8mm; font-weight: 600 }
.key { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(4, 1fr); gap: 4mm; break-inside: avoid }
.key li { display: flex; align-items: baseline; gap: 3mm; border: 0.3mm solid #555; border-radius: 1.5mm; padding: 2.5mm 3mm }
.key span { font-size: 8pt; min-width: 4mm; color: #444; user-select: none }
.key b { font: 600 16pt/1.3 ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
  letter-spacing: 0.06em }
.small { font-size: 9.5pt; margin-top: 2.5mm }
ol, ul { padding-left: 6mm }
li + li { margin-top: 1mm }
.key li + li { margin-top: 0 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4mm 6mm; margin-top: 10mm; break-inside: avoid }
dd { border-bottom: 0.3mm solid #555; min-height: 7mm }
@media screen { html { background: #ddd; padding: 10mm 4mm }
  body { max-width: 210mm; margin: 0 auto; padding: 18mm; box-shadow: 0 1mm 4mm #0004 } }
@media screen and (max-width: 150mm) { body { padding: 8mm } .key { grid-template-columns: repeat(2, 1fr) } }
@media print { .now { display: none } }
";

/// The page for a key, which consists of letters, digits and dashes. Nothing in it runs or is fetched, and browsers are
/// told not to send it to somebody for translation.
pub(crate) fn page(code: &str, language: Language, now: Timestamp) -> String {
    let Words {
        lang,
        title,
        what,
        now: first,
        key,
        signs,
        use_title,
        steps,
        keep_title,
        keep,
        made,
        vault,
        place,
    } = match language {
        Language::Ja => JA,
        Language::En => EN,
    };
    let groups =
        code.split('-').zip(1..).map(|(group, n)| format!("<li><span>{n}</span><b>{group}</b></li>"));
    let groups: String = groups.collect();
    let rows = |rows: [&str; 3]| rows.map(|row| format!("<li>{row}</li>")).concat();
    let (steps, keep) = (rows(steps), rows(keep));
    let date = now.to_rfc3339();
    let date = date.get(..10).unwrap_or_default();
    format!(
        "<!doctype html>\n<html lang=\"{lang}\" translate=\"no\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"google\" content=\"notranslate\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n\
         <p class=\"now\">{first}</p>\n<h1>{title}</h1>\n<p>{what}</p>\n\
         <h2>{key}</h2>\n<ol class=\"key\">{groups}</ol>\n<p class=\"small\">{signs}</p>\n\
         <h2>{use_title}</h2>\n<ol>{steps}</ol>\n<h2>{keep_title}</h2>\n<ul>{keep}</ul>\n\
         <dl><dt>{made}</dt><dd>{date}</dd><dt>{vault}</dt><dd></dd><dt>{place}</dt><dd></dd></dl>\n</html>\n"
    )
}

/// Writes the page for this user alone.
pub(crate) fn write(path: &Path, page: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    // A file that was there already may be open to others.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    file.write_all(page.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_page_written_over_a_file_that_others_may_read_is_for_this_user_alone() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key.html");
        std::fs::write(&path, "something longer than the page that comes").unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        write(&path, "page").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "page");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    fn pages() -> [String; 2] {
        let now = Timestamp::from_rfc3339("2026-11-24T23:59:00Z").unwrap();
        [Language::En, Language::Ja].map(|language| page("ZV1-0A1B-7Q01-ABCD", language, now))
    }

    #[test]
    fn the_page_has_every_group_in_order_and_the_day() {
        for page in pages() {
            let mut rest = page.as_str();
            for (n, group) in [(1, "ZV1"), (2, "0A1B"), (3, "7Q01"), (4, "ABCD")] {
                let found = format!("<li><span>{n}</span><b>{group}</b></li>");
                let at = rest.find(&found).expect("the group");
                rest = &rest[at + found.len()..];
            }
            assert!(rest.contains("<dd>2026-11-24</dd>"));
        }
    }

    #[test]
    fn nothing_in_the_page_runs_or_is_fetched_or_sent_away() {
        for page in pages() {
            let small = page.to_lowercase();
            for forbidden in [
                "<script", "<link", "<img", "<a ", "<form", "<iframe", "url(", "@import", "http://",
                "https://", "src=",
            ] {
                assert!(!small.contains(forbidden), "{forbidden}");
            }
            assert!(page.contains("default-src 'none'") && page.contains("translate=\"no\""));
        }
    }

    #[test]
    fn the_page_is_for_paper_and_speaks_the_language() {
        let [english, japanese] = pages();
        assert!(english.contains("<html lang=\"en\"") && japanese.contains("<html lang=\"ja\""));
        assert!(japanese.contains("回復キー") && !english.contains('回'));
        for page in [english, japanese] {
            assert!(page.contains("@page { size: A4") && page.contains("@media print"));
        }
    }
}

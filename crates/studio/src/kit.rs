//! The recovery kit: one page to print, in the person's language. Not encrypted, and it says so.

use std::io::Write;
use std::path::Path;

use model::Timestamp;

use crate::Language;

struct Words {
    lang: &'static str,
    title: &'static str,
    what: &'static str,
    keep: &'static str,
    open: &'static str,
    made: &'static str,
}

const EN: Words = Words {
    lang: "en",
    title: "Z-Image recovery key",
    what: "This key opens your vault when nothing else does. Whoever has it can open the vault, too.",
    keep: "Print this page or write the key down, keep it where you keep important papers, then delete this file: it is not encrypted.",
    open: "To use it: start Z-Image, choose “Use the recovery key” on the lock screen and type it. Capitals and dashes do not matter.",
    made: "Made",
};

const JA: Words = Words {
    lang: "ja",
    title: "Z-Image 回復キー",
    what: "ほかの方法で保管庫を開けないとき、このキーで開けます。このキーを持つ人は、だれでも保管庫を開けます。",
    keep: "このページを印刷するか書き写して、大切な書類と一緒に保管し、そのあとこのファイルを削除してください。このファイルは暗号化されていません。",
    open: "使い方：Z-Image を起動し、ロック画面で「回復キーを使う」を選んで入力します。大文字・小文字やハイフンの有無は問いません。",
    made: "作成",
};

/// The page for a key, which consists of letters, digits and dashes.
pub(crate) fn page(code: &str, language: Language, now: Timestamp) -> String {
    let words = match language {
        Language::Ja => JA,
        Language::En => EN,
    };
    let groups: String = code.split('-').map(|group| format!("<li>{group}</li>")).collect();
    let date = now.to_rfc3339();
    let date = date.get(..10).unwrap_or_default();
    let Words { lang, title, what, keep, open, made } = words;
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n\
         body {{ font: 12pt/1.6 system-ui, sans-serif; max-width: 16cm; margin: 2cm auto; color: #111; background: #fff }}\n\
         ul {{ list-style: none; padding: 0; display: grid; grid-template-columns: repeat(4, 1fr); gap: 6mm; margin: 10mm 0 }}\n\
         li {{ font: 600 18pt/1.4 ui-monospace, monospace; border: 1px solid #888; border-radius: 2mm; text-align: center; padding: 3mm }}\n\
         </style>\n<h1>{title}</h1>\n<p>{what}</p>\n<ul>{groups}</ul>\n<p>{open}</p>\n<p>{keep}</p>\n<p>{made} {date}</p>\n</html>\n"
    )
}

/// Writes the page for this user alone.
pub(crate) fn write(path: &Path, page: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(page.as_bytes())?;
    file.sync_all()
}

//! The help and the complaints about arguments, in Japanese where that is wanted. The English is clap's and
//! [`crate::args`]'.

use std::io::Write;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};
use serde_json::json;
use studio::Language;

use crate::exit::Exit;
use crate::language::pick;
use crate::output::{say, shown};
use crate::trouble::Trouble;

/// Japanese descriptions: command (empty for all), argument (empty for the command itself), text.
const JAPANESE: &[(&str, &str, &str)] = &[
    ("", "", "AI画像とプロンプトを、このコンピュータの暗号化された保管庫にしまいます。"),
    ("", "vault", "保管庫のフォルダ（なければ ZIMAGE_VAULT、それもなければアプリと同じ場所）"),
    (
        "",
        "passphrase_file",
        "1行目がパスフレーズのファイル（なければ ZIMAGE_PASSPHRASE、キーチェーン、質問の順）",
    ),
    ("", "language", "表示の言語（なければロケールに従う）"),
    ("", "json", "結果を JSON で出す（失敗も）"),
    ("", "help", "使い方を表示"),
    ("", "version", "バージョンを表示"),
    ("init", "", "保管庫を作り、回復キーを一度だけ表示"),
    ("init", "keychain", "パスフレーズの代わりに、コンピュータのキーチェーンで守る"),
    ("init", "another", "今ある保管庫とは別に、もう1つ作る"),
    ("import", "", "画像を取り込む（ファイル、フォルダとその中すべて）"),
    ("import", "plan", "何があるかを調べるだけ"),
    ("import", "paths", "ファイルとフォルダ"),
    ("list", "", "画像の一覧（新しい順）"),
    ("list", "trash", "ゴミ箱の中だけ"),
    ("list", "all", "ゴミ箱の中も"),
    ("search", "", "プロンプト、モデル、生成ソフト、タグ、ファイル名で探す"),
    ("search", "trash", "ゴミ箱の中だけ"),
    ("search", "all", "ゴミ箱の中も"),
    (
        "search",
        "query",
        "言葉、\"語句\"、-除く言葉、タグ:名前、モデル:名前、生成元:名前、名前:名前、題名:題名、シード:数字、評価:3+、サイズ:1024x768、以降:2026-10、より前:2026、日付:2026-10-05。英語の tag: model: generator: name: title: seed: rating: size: after: before: date: でも同じ",
    ),
    ("show", "", "画像1点のすべてを表示"),
    ("show", "id", "画像の ID"),
    ("export", "", "画像、プロンプト、オフラインの閲覧ページを1つの zip に書き出す"),
    ("export", "to", "書き出すアーカイブ"),
    ("export", "force", "同じ名前のファイルを置き換える"),
    ("export", "ids", "この画像だけ（なければゴミ箱も含めてすべて）"),
    ("import-archive", "", "書き出したアーカイブを取り込む（ID、タグ、日時、ゴミ箱もそのまま）"),
    ("import-archive", "file", "アーカイブ"),
    ("verify", "", "アーカイブが正常か確かめる（保管庫は不要）"),
    ("verify", "file", "アーカイブ"),
    ("discard", "", "画像をゴミ箱に移す"),
    ("discard", "ids", "画像の ID"),
    ("restore", "", "画像をゴミ箱から戻す"),
    ("restore", "ids", "画像の ID"),
    ("erase", "", "画像を完全に削除する"),
    ("erase", "yes", "確かめずに進む"),
    ("erase", "trash", "ゴミ箱の中すべて"),
    ("erase", "ids", "画像の ID"),
    ("check", "", "保管庫をすべて読み、壊れているものを報告"),
    ("check", "quick", "2つのファイルだけを調べる（画像は開かないので早い）"),
    ("salvage", "", "壊れた保管庫から、読めるものをアーカイブに救い出す（保管庫は変更しない）"),
    ("salvage", "to", "書き出すアーカイブ"),
    ("salvage", "force", "同じ名前のファイルを置き換える"),
    ("backup", "", "保管庫を封をしたまま1つのファイルに書き出す（バックアップ、引っ越し）"),
    ("backup", "to", "書き出すファイル"),
    ("backup", "force", "同じ名前のファイルを置き換える"),
    ("verify-backup", "", "バックアップが正常か確かめる（保管庫も鍵も不要）"),
    ("verify-backup", "file", "バックアップ"),
    ("restore-backup", "", "バックアップから、今の保管庫とは別に保管庫を作る"),
    ("restore-backup", "file", "バックアップ"),
    ("restore-backup", "to", "新しい保管庫のフォルダ（まだないもの）"),
    ("rotate", "", "保管庫の鍵を取り替える（漏れや紛失のあとに）。新しい回復キーができる"),
    ("compact", "", "削除した画像の場所をディスクに返す"),
    ("destroy", "", "保管庫を完全に破棄する（鍵から先に）"),
    ("destroy", "yes", "確かめずに進む"),
    ("vaults", "", "このコンピュータの保管庫の一覧。使う保管庫を選ぶ、名前を付ける"),
    ("vaults", "use", "これから使う保管庫（一覧に出るフォルダか名前）"),
    ("vaults", "label", "使用中の保管庫に名前を付ける（空なら外す）"),
    ("vaults", "hide_labels", "名前を保管庫の中だけに置く"),
    ("vaults", "show_labels", "開く前にも名前を表示する"),
    ("metadata", "", "画像ファイルのプロンプトと設定を読む（保管庫は不要）"),
    ("metadata", "files", "画像ファイル"),
];

const EXITS_EN: &str = "\
Exit codes:
  0    Done
  1    Failed
  2    The arguments are not right
  3    The passphrase or key does not open the vault, or none was given
  4    The vault is in use
  5    There is no vault
  6    Some files were not taken or had to stay, or damage was found
  130  Stopped by Ctrl-C";

const EXITS_JA: &str = "\
終了コード：
  0    完了
  1    失敗
  2    引数が正しくない
  3    パスフレーズか鍵で保管庫が開かない、または指定がない
  4    保管庫はほかで使用中
  5    保管庫がない
  6    取り込めない・残したファイルか、壊れているものがある
  130  Ctrl-C で中止";

const TEMPLATE_JA: &str =
    "{about}\n\n使い方: {usage}\n\nコマンド:\n{subcommands}\n\nオプション:\n{options}{after-help}";
const COMMAND_TEMPLATE_JA: &str =
    "{about}\n\n使い方: {usage}\n\n引数:\n{positionals}\n\nオプション:\n{options}";
const BARE_TEMPLATE_JA: &str = "{about}\n\n使い方: {usage}\n\nオプション:\n{options}";

/// Where clap puts the options that it adds by itself.
const LAST: usize = 999;

/// The command with its descriptions in a language.
pub fn in_language(command: Command, language: Language) -> Command {
    let command = command.after_help(pick(language, EXITS_EN, EXITS_JA));
    if language == Language::En {
        return command;
    }
    // The arguments that clap adds by itself come only when it builds; these take their place and are described.
    let flag = |name: &'static str, short, action| {
        Arg::new(name).long(name).short(short).action(action).display_order(LAST)
    };
    let help = flag("help", 'h', clap::ArgAction::Help).global(true);
    let command = command.disable_help_flag(true).disable_version_flag(true);
    let command = command.arg(help).arg(flag("version", 'V', clap::ArgAction::Version));
    let mut command = describe(command, "").help_template(TEMPLATE_JA);
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(&name, |sub| {
            let bare = sub.get_positionals().next().is_none();
            describe(sub, &name).help_template(if bare { BARE_TEMPLATE_JA } else { COMMAND_TEMPLATE_JA })
        });
    }
    command
}

fn describe(mut command: Command, name: &str) -> Command {
    if let Some(text) = japanese(name, "") {
        command = command.about(text);
    }
    let ids: Vec<String> = command.get_arguments().map(|argument| argument.get_id().to_string()).collect();
    for id in ids {
        if let Some(text) = japanese(name, &id) {
            command = command.mut_arg(&id, |argument| argument.help(text));
        }
    }
    command
}

fn japanese(command: &str, argument: &str) -> Option<&'static str> {
    JAPANESE.iter().find(|(c, a, _)| *c == command && *a == argument).map(|(_, _, text)| *text)
}

/// Answers what was no command: a wish for help or the version, or a mistake.
pub fn answer(error: &clap::Error, language: Language, json: bool) -> Exit {
    if !error.use_stderr() {
        // A reader that went away has seen enough.
        let _ = write!(std::io::stdout().lock(), "{}", error.render());
        return Exit::Done;
    }
    let text = match language {
        Language::En => error.render().to_string(),
        Language::Ja => complaint(error),
    };
    if json {
        let value = json!({ "error": { "code": Trouble::Usage.code(), "message": text.trim_end() } });
        let _ = writeln!(std::io::stdout().lock(), "{value}");
    } else {
        say(text.trim_end());
    }
    Exit::Usage
}

/// A mistake in Japanese. Help without a command is help.
fn complaint(error: &clap::Error) -> String {
    let given = |kind| error.get(kind).map(of_context).unwrap_or_default();
    let (argument, value) = (given(ContextKind::InvalidArg), given(ContextKind::InvalidValue));
    let what = match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => return error.render().to_string(),
        ErrorKind::UnknownArgument => format!("「{argument}」という引数はありません。"),
        ErrorKind::InvalidSubcommand => {
            format!("「{}」というコマンドはありません。", given(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => "コマンドがありません。".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("必要な引数がありません：{argument}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("「{argument}」に値がありません。"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("「{argument}」に「{value}」は使えません。")
        }
        ErrorKind::ArgumentConflict => {
            format!("「{argument}」と「{}」は一緒に使えません。", given(ContextKind::PriorArg))
        }
        _ => Trouble::Usage.message(Language::Ja).to_owned(),
    };
    format!("zimage: {what}\n「zimage --help」で使い方を確かめてください。")
}

fn of_context(value: &ContextValue) -> String {
    let text = match value {
        ContextValue::Strings(texts) => texts.join(" "),
        other => other.to_string(),
    };
    shown(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::args::Cli;

    fn is_japanese(text: &str) -> bool {
        text.chars().any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'))
    }

    #[test]
    fn every_command_and_argument_is_described_in_japanese() {
        let command = in_language(Cli::command(), Language::Ja);
        command.clone().debug_assert();
        let check = |command: &Command| {
            let name = command.get_name();
            assert!(is_japanese(&command.get_about().unwrap().to_string()), "{name}");
            for argument in command.get_arguments() {
                let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
                // “ID” is written the same in both.
                assert!(is_japanese(&help), "{name} {}: {help}", argument.get_id());
            }
        };
        check(&command);
        command.get_subcommands().for_each(check);
    }

    #[test]
    fn no_description_is_of_something_that_is_gone() {
        let command = in_language(Cli::command(), Language::Ja);
        for (name, argument, _) in JAPANESE {
            let owner = if name.is_empty() { Some(&command) } else { command.find_subcommand(name) };
            let known = owner.unwrap().get_arguments().any(|a| a.get_id() == argument);
            assert!(argument.is_empty() || known, "{name} {argument}");
        }
    }

    #[test]
    fn a_command_tells_its_own_options_first_then_those_of_all_and_help_last() {
        for language in [Language::En, Language::Ja] {
            let mut command = in_language(Cli::command(), language);
            command.build();
            let help = command.find_subcommand_mut("erase").unwrap().render_help().to_string();
            let order =
                ["--yes", "--trash", "--vault", "--passphrase-file", "--language", "--json", "--help"];
            let places =
                order.map(|option| help.find(&format!(" {option} ")).unwrap_or_else(|| panic!("{help}")));
            assert!(places.is_sorted(), "{help}");
        }
    }

    #[test]
    fn the_help_tells_the_exit_codes_in_both_languages() {
        for (language, word) in [(Language::En, "Exit codes"), (Language::Ja, "終了コード")] {
            let help = in_language(Cli::command(), language).render_help().to_string();
            assert!(help.contains(word) && help.contains("130"), "{help}");
        }
    }
}

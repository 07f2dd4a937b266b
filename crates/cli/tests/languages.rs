//! Japanese and English: by locale, and by argument.

use crate::world::{World, err, out};

#[test]
fn messages_are_in_the_language_of_the_locale() {
    let world = World::new();
    for (variable, value, word) in [
        ("LANG", "ja_JP.UTF-8", "保管庫がありません"),
        ("LC_MESSAGES", "ja_JP", "保管庫がありません"),
        ("LC_ALL", "en_US.UTF-8", "There is no vault here"),
        ("LANG", "fr_FR.UTF-8", "There is no vault here"),
    ] {
        let output = world.command().env(variable, value).arg("list").output().unwrap();
        assert!(err(&output).contains(word), "{variable}={value}: {}", err(&output));
    }
    let output = world.command().env("LANG", "ja_JP").args(["list", "--language", "en"]).output().unwrap();
    assert!(err(&output).contains("There is no vault here"));
}

#[cfg(target_os = "linux")]
#[test]
fn times_are_those_of_the_zone_that_the_person_names() {
    if !std::path::Path::new("/usr/share/zoneinfo/Asia/Tokyo").exists() {
        eprintln!("skipped: this system knows no zones by their names");
        return;
    }
    let world = World::with_pictures(1);
    let listed = |zone: &str| out(&world.command().env("TZ", zone).arg("list").output().unwrap());
    assert_eq!(listed("Asia/Tokyo"), listed("JST-9"));
    assert_ne!(listed("Asia/Tokyo"), listed("UTC"));
}

#[test]
fn results_are_in_japanese() {
    let world = World::with_pictures(2);
    let ja = |arguments: &[&str]| {
        let output = world.command().args(["--language", "ja"]).args(arguments).output().unwrap();
        (out(&output), err(&output))
    };
    assert!(ja(&["list"]).0.lines().next().unwrap().contains("プロンプト"));
    let bad = world.write("bad.png", b"");
    let (report, _) = ja(&["import", bad.to_str().unwrap(), world.path("in").to_str().unwrap()]);
    assert!(report.starts_with("0点を取り込みました（重複 2"), "{report}");
    assert!(report.contains("bad.png：空のファイル"), "{report}");
    assert!(ja(&["check"]).0.contains("保管庫は正常です"));
    let target = world.path("out.zip");
    assert!(ja(&["export", "--to", target.to_str().unwrap()]).0.contains("2点を書き出しました"));
    assert!(ja(&["verify", target.to_str().unwrap()]).0.contains("正常です"));
    assert!(ja(&["metadata", world.path("in/0000.png").to_str().unwrap()]).0.contains("シード"));
    let (_, message) = ja(&["erase", "0199f3a2-7c11-7d3e-8a4b-0123456789ab"]);
    assert!(message.contains("--yes"), "{message}");
}

#[test]
fn programs_are_called_by_their_names_and_json_keeps_their_ids() {
    let world = World::with_pictures(1);
    let list = world.json(0, ["list"]);
    assert_eq!(list[0]["recipe"]["generator"], "a1111");
    let id = list[0]["id"].as_str().unwrap();
    let picture = world.path("in/0000.png");
    for arguments in [&["list"][..], &["show", id], &["metadata", picture.to_str().unwrap()]] {
        let said = out(&world.run(arguments));
        assert!(said.contains("AUTOMATIC1111") && !said.contains("a1111"), "{said}");
    }
}

#[test]
fn a_search_condition_of_another_program_is_told_to_be_a_word() {
    let world = World::with_pictures(1);
    for (language, words) in [("en", "“after:” was not understood"), ("ja", "「after:」は条件として読めない")]
    {
        let told = err(&world.run(["--language", language, "search", "after:spring"]));
        assert!(told.contains(words), "{told}");
        let told = err(&world.run(["--language", language, "--json", "search", "after:spring"]));
        assert!(told.contains(words), "{told}");
    }
    assert_eq!(err(&world.run(["search", "lantern-0"])), "");
}

#[test]
fn help_and_complaints_are_in_japanese() {
    let world = World::new();
    let ja =
        |arguments: &[&str]| world.command().env("LANG", "ja_JP.UTF-8").args(arguments).output().unwrap();
    let help = out(&ja(&["--help"]));
    assert!(help.contains("使い方:") && help.contains("終了コード") && help.contains("取り込む"), "{help}");
    assert!(!help.contains("Usage:") && !help.contains("Print"), "{help}");
    let help = out(&ja(&["export", "--help"]));
    assert!(help.contains("書き出すアーカイブ") && !help.contains("Arguments:"), "{help}");
    let help = out(&ja(&["search", "--help"]));
    for condition in [
        "タグ:",
        "モデル:",
        "生成元:",
        "名前:",
        "題名:",
        "シード:",
        "評価:",
        "サイズ:",
        "日付:",
        "以降:",
        "より前:",
    ] {
        assert!(help.contains(condition), "{condition} {help}");
    }
    for (arguments, words) in [
        (&["frobnicate"][..], "「frobnicate」というコマンドはありません"),
        (&["list", "--nonsense"], "「--nonsense」という引数はありません"),
        (&["show"], "必要な引数がありません"),
        (&["list", "--language", "de"], "使えません"),
        (&["list", "--all", "--trash"], "一緒に使えません"),
    ] {
        let output = ja(arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains(words), "{}", err(&output));
    }
}

#[test]
fn an_error_as_json_has_the_same_code_in_both_languages() {
    let world = World::new();
    let en = world.json(5, ["list"]);
    let ja = world.json(5, ["list", "--language", "ja"]);
    assert_eq!(en["error"]["code"], ja["error"]["code"]);
    assert_ne!(en["error"]["message"], ja["error"]["message"]);
}

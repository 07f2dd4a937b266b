//! What is left on the disk: prompts and pictures only inside the vault and in what the person exported.

use std::path::Path;

use serde_json::{Value, json};
use testkit::markers;

use crate::app::App;

/// A picture whose prompts and file name hold markers that are looked for in every encoding, and markers for a title
/// and a tag.
fn marked(place: &Path) -> (Vec<markers::Marker>, std::path::PathBuf) {
    let kinds = ["prompt", "negative", "filename", "title", "tag"];
    let wanted: Vec<_> = kinds.map(markers::Marker::random).into();
    let pictures = place.join("outside");
    let text = format!(
        "a lantern {}\nNegative prompt: {}\nSteps: 9, Sampler: Euler, CFG scale: 1, Seed: 7, Size: 64x64",
        wanted[0].text(),
        wanted[1].text()
    );
    std::fs::create_dir_all(&pictures).unwrap();
    std::fs::write(pictures.join(format!("{}.png", wanted[2].text())), with_parameters(&text)).unwrap();
    (wanted, pictures)
}

/// A small PNG with an A1111 text; the marker has a CJK character, so the text goes into an iTXt chunk.
pub fn with_parameters(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 64, 64);
    encoder.set_color(png::ColorType::Rgb);
    encoder.add_itxt_chunk("parameters".to_owned(), text.to_owned()).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[128; 64 * 64 * 3]).unwrap();
    writer.finish().unwrap();
    bytes
}

#[test]
fn no_prompt_name_title_or_tag_is_on_the_disk_in_the_clear() {
    let place = tempfile::tempdir().unwrap();
    let (wanted, pictures) = marked(place.path());
    let data = place.path().join("data");
    let (app, _) = App::with_vault(&data);
    app.import(&pictures);
    let seq = app.hits(json!({ "text": wanted[0].text() }))[0];
    app.ask("item_show", json!({ "seq": seq }));
    app.studio.picture(seq, studio::PictureKind::Full).unwrap();
    let edit = json!({ "title": wanted[3].text(), "tags": [wanted[4].text()] });
    app.ask("items_edit", json!({ "edits": [{ "seq": seq, "edit": edit }] }));
    for marker in &wanted {
        assert_eq!(app.hits(json!({ "text": marker.text() })), [seq], "{}", marker.kind());
    }
    let backups = place.path().join("backups");
    std::fs::create_dir_all(&backups).unwrap();
    app.lay(&[&backups.join("backup")]);
    app.report(&app.ask("backup_start", Value::Null));
    app.report(&app.ask("vault_check", Value::Null));
    app.report(&app.ask("vault_renew", Value::Null));
    // With the vault open, its journals are there as well.
    assert_eq!(markers::scan(&[&data, &backups], &wanted), []);
    app.ask("vault_lock", Value::Null);
    assert_eq!(markers::scan(&[&data, &backups], &wanted), []);
    let found = markers::scan(&[&pictures], &wanted);
    assert!(!found.is_empty(), "the scanner sees them where they are in the clear");
}

#[test]
fn an_export_is_the_one_place_where_a_prompt_is_readable() {
    let place = tempfile::tempdir().unwrap();
    let (wanted, pictures) = marked(place.path());
    let (data, out) = (place.path().join("data"), place.path().join("out"));
    std::fs::create_dir_all(&out).unwrap();
    let (app, _) = App::with_vault(&data);
    app.import(&pictures);
    app.lay(&[&out.join("export.zip")]);
    app.report(&app.ask("export_start", json!({ "seqs": null })));
    app.ask("vault_lock", Value::Null);
    assert_eq!(markers::scan(&[&data], &wanted), []);
    assert!(!markers::scan(&[&out], &wanted).is_empty());
}

//! Command, event and image protocol through the real webview.

use std::path::Path;

use journeys::window::wait::until;
use journeys::window::{App, Display, Home, Page};
use serde_json::{Value, json};

const PASSPHRASE: &str = "seven lanterns over the quiet harbour";

fn start(home: &Home, display: &Display) -> App {
    App::start(&App::driven_beside(Path::new(crate::SHIPPED)), home, display)
}

fn image_status(page: &Page<'_>, address: &str) -> Value {
    let script = "const img = new Image(); img.src = arguments[0];
        return await new Promise((go) => { img.onload = () => go([img.naturalWidth, img.naturalHeight]); img.onerror = () => go('error'); })";
    page.session.run_async(script, &[json!(address)]).unwrap()
}

#[test]
fn the_page_reaches_the_application_and_its_pictures() {
    let (display, home) = (Display::start(), Home::new("ja_JP.UTF-8"));
    let pictures = home.path().join("pictures");
    std::fs::create_dir(&pictures).unwrap();
    std::fs::write(pictures.join("one.png"), png(64, 48)).unwrap();
    let app = start(&home, &display);
    let page = Page::new(&app.session);

    assert_eq!(page.call("status", &Value::Null).unwrap()["vault"], "none");
    assert_eq!(page.call("settings", &Value::Null).unwrap()["language"], "ja");
    assert_eq!(page.call("gallery_query", &json!({})), Err(json!("locked")));
    assert_eq!(page.call("vault_open", &Value::Null), Err(json!("no_such_command")));

    let create = json!({ "protection": { "by": "passphrase", "passphrase": PASSPHRASE } });
    page.call("vault_create", &create).unwrap();
    home.will_pick("folders", &[&pictures]);
    let offer = page.call("import_pick", &json!({ "what": "folders" })).unwrap();
    // Heard from the program, not asked for.
    let script = "const heard = await new Promise((go) => {
        const { invoke, transformCallback } = window.__TAURI_INTERNALS__;
        const handler = transformCallback((event) => {
          if (event.payload.kind === 'job' && event.payload.job.state !== 'running') go(event.payload.job);
        });
        invoke('plugin:event|listen', { event: 'event', target: { kind: 'Any' }, handler })
          .then(() => invoke('call', { name: 'import_start', request: { offers: [arguments[0]], label: 'one' } }));
      }); return heard;";
    let script = script.replace("arguments[0]", &offer["id"].to_string());
    let job = page.session.run_async(&script, &[]).unwrap();
    assert_eq!(job["state"], "done", "{job}");
    assert_eq!(job["report"]["added"], 1, "{job}");

    let base = page.call("status", &Value::Null).unwrap()["pictures"].as_str().unwrap().to_owned();
    assert_eq!(image_status(&page, &format!("{base}full/1")), json!([64, 48]));
    // More than once: the webview's memory must not refuse what the program gave.
    for _ in 0..3 {
        assert_eq!(image_status(&page, &format!("{base}thumb/1")), json!([64, 48]));
    }
    assert_eq!(image_status(&page, &format!("{base}full/2")), "error");
    assert_eq!(image_status(&page, "vault://localhost/00000000000000000000000000000000/full/1"), "error");
    page.call("vault_lock", &Value::Null).unwrap();
    until("the pictures to be forgotten", || {
        (image_status(&page, &format!("{base}full/1")) == "error").then_some(())
    });
    assert_eq!(image_status(&page, &format!("{base}thumb/1")), "error");
}

/// A grey picture.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&vec![90; (width * height) as usize]).unwrap();
    writer.finish().unwrap();
    bytes
}

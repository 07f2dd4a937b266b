//! `index.html`: a page to look at the archive without any program. No script, nothing from outside.
//!
//! **Invariant:** every text from an item is escaped; the page's own policy forbids scripts and all loading but
//! of the archive's pictures.

use std::fmt::Write as _;

use crate::archive::{self, ArchiveItem};

/// Pictures on one page.
const PER_PAGE: usize = 500;

const STYLE: &str = "body{font:14px/1.6 system-ui,'Hiragino Sans','Yu Gothic UI','Noto Sans CJK JP',sans-serif;\
margin:0;padding:24px;background:#131313;color:#f0f0f0}main{display:grid;gap:16px;\
grid-template-columns:repeat(auto-fill,minmax(280px,1fr))}article{background:#1a1a1a;border-radius:10px;overflow:hidden}\
img{width:100%;display:block;background:#232323}p{margin:0;padding:12px 16px;white-space:pre-wrap;overflow-wrap:anywhere;\
unicode-bidi:isolate}dl{display:grid;grid-template-columns:auto 1fr;gap:2px 12px;margin:0;padding:0 16px 16px;\
color:#b2b2b2;font-size:12px}dd{margin:0;overflow-wrap:anywhere;unicode-bidi:isolate}nav{padding:16px 0}a{color:#93a7ff}";

/// The pages being written.
#[derive(Default)]
pub struct Page {
    articles: Vec<String>,
}

impl Page {
    /// No pictures yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a picture.
    pub fn push(&mut self, item: &ArchiveItem) {
        let mut html = String::from("<article>");
        if let Some(file) = &item.file {
            let (width, height) = (item.width, item.height);
            // Writing into a string does not fail.
            let _ = write!(
                html,
                "<a href=\"{file}\"><img loading=\"lazy\" src=\"{file}\" width=\"{width}\" height=\"{height}\" alt=\"\"></a>"
            );
        }
        let recipe = &item.recipe;
        let _ = write!(html, "<p>{}</p><dl>", escape(recipe.prompt.as_deref().unwrap_or_default()));
        let numbers =
            [recipe.seed.clone(), recipe.steps.map(|n| n.to_string()), recipe.cfg.map(|n| n.to_string())];
        let [seed, steps, cfg] = numbers;
        let rows = [
            ("Title", Some(item.title.clone())),
            ("Negative", recipe.negative_prompt.clone()),
            ("Model", recipe.model.clone()),
            ("Made with", recipe.generator.clone()),
            ("Seed", seed),
            ("Steps", steps),
            ("Guidance", cfg),
            ("Tags", Some(item.tags.join(", "))),
            ("Created", Some(item.created_at.clone())),
            ("In the trash since", item.discarded_at.clone()),
        ];
        for (name, value) in rows {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                let _ = write!(html, "<dt>{name}</dt><dd>{}</dd>", escape(&value));
            }
        }
        html.push_str("</dl></article>\n");
        self.articles.push(html);
    }

    /// `index.html`, and `index-2.html` and so on where there are many pictures.
    pub fn into_files(self) -> Vec<(String, String)> {
        let pages = self.articles.len().div_ceil(PER_PAGE).max(1);
        let chunk = |n: usize| self.articles.chunks(PER_PAGE).nth(n).unwrap_or_default().concat();
        (0..pages).map(|n| (name(n), document(&chunk(n), n, pages))).collect()
    }
}

fn name(n: usize) -> String {
    if n == 0 { archive::INDEX.to_owned() } else { format!("index-{}.html", n + 1) }
}

fn document(articles: &str, n: usize, pages: usize) -> String {
    let mut nav = String::new();
    for page in (0..pages).filter(|_| pages > 1) {
        let _ = write!(nav, "<a href=\"{}\">{}</a> ", name(page), page + 1);
    }
    format!(
        "<!doctype html>\n<html><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Z-Image {}</title><style>{STYLE}</style></head>\
         <body><nav>{nav}</nav><main>{articles}</main></body></html>\n",
        n + 1
    )
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
}

//! The files of the built window.

use std::path::{Component, Path, PathBuf};

/// The file that an address names; `None` when it points outside the folder.
pub fn file_of(ui: &Path, address: &str) -> Option<PathBuf> {
    let relative = Path::new(address.trim_start_matches('/'));
    let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
    let relative = if relative.as_os_str().is_empty() { Path::new("index.html") } else { relative };
    plain.then(|| ui.join(relative))
}

/// The media type by the ending of the name.
pub fn mime_of(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_never_leaves_the_folder() {
        let ui = Path::new("ui");
        assert_eq!(file_of(ui, "/"), Some(PathBuf::from("ui/index.html")));
        assert_eq!(file_of(ui, "/assets/a.js"), Some(PathBuf::from("ui/assets/a.js")));
        for outside in ["/../secret", "/a/../../b", "//etc/passwd/.."] {
            assert_eq!(file_of(ui, outside), None, "{outside}");
        }
    }
}

//! Whether a folder is one that a program keeps copying to somebody's servers. The vault's files are sealed, but such a
//! program may lock them, put older ones in their place, or take them off the disk.

use std::path::Path;

use serde::Serialize;

/// A program that copies folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Cloud {
    /// Microsoft's.
    OneDrive,
    /// Apple's.
    ICloud,
    /// Dropbox's.
    Dropbox,
    /// Google's.
    GoogleDrive,
}

/// Files or folders that these programs keep at the top of what they copy.
const MARKERS: [(&str, Cloud); 5] = [
    (".849C9593-D756-4E56-8D6E-42412F2A707B", Cloud::OneDrive),
    (".dropbox", Cloud::Dropbox),
    (".dropbox.cache", Cloud::Dropbox),
    (".tmp.driveupload", Cloud::GoogleDrive),
    (".tmp.drivedownload", Cloud::GoogleDrive),
];

/// Who copies this folder, by the usual names of the three systems and by the marks that such programs leave. `exists`
/// looks at the disk.
pub fn synced_by(folder: &Path, exists: impl Fn(&Path) -> bool) -> Option<Cloud> {
    by_name(&folder.to_string_lossy()).or_else(|| {
        let marked = |place: &Path| MARKERS.iter().find(|(name, _)| exists(&place.join(name)));
        // A home folder has `.dropbox` with the program's own settings: its mark counts beside a cache only.
        let sure = |place: &Path| {
            let (name, cloud) = *marked(place)?;
            (name != ".dropbox" || exists(&place.join(".dropbox.cache"))).then_some(cloud)
        };
        folder.ancestors().find_map(sure)
    })
}

fn by_name(path: &str) -> Option<Cloud> {
    let parts: Vec<String> = path.split(['/', '\\']).map(str::to_lowercase).collect();
    let mut parts = parts.iter().map(String::as_str).peekable();
    let mut before = "";
    while let Some(part) = parts.next() {
        // A program of that name below AppData or .config is not what it copies.
        let own =
            matches!(before, "local" | "roaming" | "microsoft" | "application support" | ".config" | "share");
        let inside = parts.peek().is_some();
        let found = match part {
            "onedrive" => Some(Cloud::OneDrive),
            name if name.starts_with("onedrive - ") || name.starts_with("onedrive-") => Some(Cloud::OneDrive),
            "mobile documents" | "com~apple~clouddocs" | "iclouddrive" | "icloud drive" => {
                Some(Cloud::ICloud)
            }
            "dropbox" => Some(Cloud::Dropbox),
            name if name.starts_with("dropbox (") || name.starts_with("dropbox-") => Some(Cloud::Dropbox),
            "google drive" | "googledrive" | "google-drive" => Some(Cloud::GoogleDrive),
            name if name.starts_with("googledrive-") => Some(Cloud::GoogleDrive),
            // The drive letter that Google's program makes.
            "my drive" | "マイドライブ" if before.ends_with(':') => Some(Cloud::GoogleDrive),
            _ => None,
        };
        if let Some(cloud) = found.filter(|_| inside && !own) {
            return Some(cloud);
        }
        before = part;
    }
    None
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn named(path: &str) -> Option<Cloud> {
        synced_by(Path::new(path), |_| false)
    }

    #[test]
    fn the_usual_places_of_the_three_systems_are_known() {
        for (path, cloud) in [
            (r"C:\Users\aoi\OneDrive\Z-Image\vaults\1", Cloud::OneDrive),
            (r"C:\Users\aoi\OneDrive - 株式会社 海\Pictures\vault", Cloud::OneDrive),
            ("/Users/aoi/Library/CloudStorage/OneDrive-Personal/vault", Cloud::OneDrive),
            ("/home/aoi/OneDrive/vault", Cloud::OneDrive),
            ("/Users/aoi/Library/Mobile Documents/com~apple~CloudDocs/vault", Cloud::ICloud),
            (r"C:\Users\aoi\iCloudDrive\vault", Cloud::ICloud),
            (r"C:\Users\aoi\Dropbox\vault", Cloud::Dropbox),
            ("/Users/aoi/Library/CloudStorage/Dropbox/vault", Cloud::Dropbox),
            ("/home/aoi/Dropbox (Personal)/vault", Cloud::Dropbox),
            (r"G:\My Drive\vault", Cloud::GoogleDrive),
            (r"G:\マイドライブ\vault", Cloud::GoogleDrive),
            (
                "/Users/aoi/Library/CloudStorage/GoogleDrive-aoi@example.com/My Drive/vault",
                Cloud::GoogleDrive,
            ),
            ("/home/aoi/Google Drive/vault", Cloud::GoogleDrive),
        ] {
            assert_eq!(named(path), Some(cloud), "{path}");
        }
    }

    #[test]
    fn ordinary_places_are_not_taken_for_them() {
        for path in [
            r"C:\Users\aoi\AppData\Local\z-image\Z-Image\data\vaults\1",
            r"C:\Users\aoi\AppData\Local\Microsoft\OneDrive\logs",
            "/Users/aoi/Library/Application Support/Dropbox/x",
            "/home/aoi/.local/share/z-image/vaults/1",
            "/home/aoi/my drive/vault",
            "/home/aoi/dropboxes/vault",
            "/home/aoi/Dropbox",
            "/",
            "",
        ] {
            assert_eq!(named(path), None, "{path}");
        }
    }

    #[test]
    fn a_folder_of_another_name_is_known_by_its_mark() {
        let marked = |mark: &'static [&'static str]| {
            synced_by(Path::new("/data/同期/vaults/1"), move |path: &Path| {
                mark.iter().any(|name| path == PathBuf::from("/data/同期").join(name))
            })
        };
        assert_eq!(marked(&[".dropbox.cache"]), Some(Cloud::Dropbox));
        assert_eq!(marked(&[".849C9593-D756-4E56-8D6E-42412F2A707B"]), Some(Cloud::OneDrive));
        assert_eq!(marked(&[".tmp.drivedownload"]), Some(Cloud::GoogleDrive));
        assert_eq!(marked(&[".dropbox"]), None, "so looks the home of everybody who has the program");
        assert_eq!(marked(&[]), None);
    }
}

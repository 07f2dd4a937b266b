//! Where the application keeps its things, and how it behaves.

use std::path::PathBuf;
use std::time::Duration;

use crate::Language;

/// Where the application keeps its things, and who it speaks to.
pub struct Config {
    /// Below it lie the vaults.
    pub data: PathBuf,
    /// The vault's own folder, when the person named one; otherwise the first below `data`.
    pub vault: Option<PathBuf>,
    /// Holds `settings.json`.
    pub settings: PathBuf,
    /// The person's home, where pictures of generators are looked for; `None` to look nowhere.
    pub home: Option<PathBuf>,
    /// Language when none was chosen yet.
    pub language: Language,
    /// Address under which the window asks for pictures, ending with a slash.
    pub pictures: String,
    /// Cost of a passphrase; `None` measures this computer.
    pub passphrase: Option<crypto::PassphraseParams>,
    /// How long a minute of idleness is: shorter where tests wait for it.
    pub minute: Duration,
    /// Whether what is due begins by itself: the catalogue written anew where something was erased, the monthly check. A
    /// program that ends at once asks for it where it is wanted.
    pub renews: bool,
}

impl Config {
    /// The usual folders of this system; the environment variable `ZIMAGE_VAULT` or `vault` names another vault.
    /// `None` when the system has no home folder.
    pub fn of_system(vault: Option<PathBuf>, language: Language, pictures: &str) -> Option<Self> {
        let folders = directories::ProjectDirs::from("ai", "z-image", "Z-Image")?;
        let home = directories::BaseDirs::new().map(|base| base.home_dir().to_path_buf());
        let named =
            vault.or_else(|| std::env::var_os("ZIMAGE_VAULT").filter(|v| !v.is_empty()).map(PathBuf::from));
        Some(Self {
            data: folders.data_local_dir().to_path_buf(),
            vault: named,
            settings: folders.config_local_dir().to_path_buf(),
            home,
            language,
            pictures: pictures.to_owned(),
            passphrase: None,
            minute: Duration::from_secs(60),
            renews: true,
        })
    }
}

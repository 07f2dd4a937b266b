//! What the program can be started with.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser;
use studio::{Config, Language};

use crate::pictures;

/// AI pictures and their prompts in an encrypted vault on this computer.
#[derive(Debug, Default, Parser)]
#[command(name = "z-image-desktop", version, about)]
pub(crate) struct Arguments {
    /// The vault's folder.
    #[arg(long, value_name = "DIR", env = "ZIMAGE_VAULT")]
    pub vault: Option<PathBuf>,
    /// Folder for vaults and settings, in place of the system's.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

impl Arguments {
    /// Where the application keeps its things.
    pub fn config(&self) -> anyhow::Result<Config> {
        let vault = self.vault.clone().filter(|folder| !folder.as_os_str().is_empty());
        let config = Config::of_system(vault, language(), pictures::BASE);
        let mut config =
            config.context("this computer has no home folder for the vault; name one with --data")?;
        if let Some(data) = &self.data {
            config.data.clone_from(data);
            config.settings.clone_from(data);
        }
        Ok(config)
    }
}

/// The system's language, for a person who has not chosen one.
fn language() -> Language {
    Language::of_locale(&sys_locale::get_locale().unwrap_or_default())
}

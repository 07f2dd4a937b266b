//! A folder of its own for each test, a vault whose passphrase costs next to nothing, and pictures with prompts.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crypto::{PassphraseParams, SlotOptions, SlotSecret};
use model::{Clock, SystemClock};
use serde_json::Value;
use tempfile::TempDir;
use vault::{Folder, NewSlot, Vault};
use zeroize::Zeroizing;

/// Opens the vaults of these tests.
pub const PASSPHRASE: &str = "lantern drifts past the ridge";

pub struct World {
    root: TempDir,
}

impl World {
    /// An empty folder.
    pub fn new() -> Self {
        Self { root: tempfile::Builder::new().prefix("zimage-cli-").tempdir().unwrap() }
    }

    /// A folder with a vault in it.
    pub fn with_vault() -> Self {
        let world = Self::new();
        drop(create_vault(&world.vault()));
        world
    }

    /// A folder with a vault that has so many pictures in it.
    pub fn with_pictures(count: u32) -> Self {
        let world = Self::with_vault();
        world.pictures("in", 0..count);
        let vault = world.open();
        import(&vault, &world.path("in"));
        drop(vault);
        world
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.root.path().join(name)
    }

    pub fn vault(&self) -> PathBuf {
        self.path("vault")
    }

    pub fn open(&self) -> Vault {
        open_vault(&self.vault())
    }

    pub fn write(&self, name: impl AsRef<Path>, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Writes numbered pictures into a folder.
    pub fn pictures(&self, folder: &str, numbers: std::ops::Range<u32>) {
        for n in numbers {
            self.write(Path::new(folder).join(format!("{n:04}.png")), &picture(n));
        }
    }

    /// The program, with this test's vault and passphrase, in English, and out of reach of the person's own things.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zimage"));
        for name in ["LC_ALL", "LC_MESSAGES", "LANG", "ZIMAGE_VAULT", "ZIMAGE_PASSPHRASE"] {
            command.env_remove(name);
        }
        command
            .env("HOME", self.root.path())
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .env("ZIMAGE_PASSPHRASE", PASSPHRASE)
            .env("ZIMAGE_VAULT", self.vault())
            .stdin(Stdio::null());
        command
    }

    /// Runs it.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Output {
        self.command().args(arguments).output().unwrap()
    }

    /// Runs it with `--json`, expects an exit code, and gives what it printed.
    pub fn json<S: AsRef<OsStr>>(&self, code: i32, arguments: impl IntoIterator<Item = S>) -> Value {
        let output = self.command().arg("--json").args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}{}", out(&output), err(&output));
        assert_eq!(err(&output), "");
        assert!(output.stdout.ends_with(b"\n"));
        serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", out(&output)))
    }
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn secret() -> SlotSecret {
    SlotSecret::Passphrase(Zeroizing::new(PASSPHRASE.to_owned()))
}

pub fn create_vault(path: &Path) -> Vault {
    let options = SlotOptions { passphrase: PassphraseParams::FOR_TESTS, ..SlotOptions::default() };
    let slot = NewSlot { secret: secret(), options };
    let id = crypto::new_vault_id();
    Vault::create(&Folder::new(path), id, &[slot], SystemClock.now()).unwrap().0
}

pub fn open_vault(path: &Path) -> Vault {
    Vault::open(&Folder::new(path), &secret()).unwrap()
}

pub fn import(vault: &Vault, folder: &Path) -> transfer::ImportReport {
    transfer::import(vault, &[folder.to_path_buf()], &SystemClock, &mut |_| true, &mut |_| {}).unwrap()
}

pub fn assert_whole(vault: &Vault) {
    assert!(vault.check(&mut |_| true).unwrap().is_whole());
}

/// A small PNG with a prompt as AUTOMATIC1111 writes it; each number gives other bytes.
pub fn picture(n: u32) -> Vec<u8> {
    let parameters = format!(
        "無数の灯籠が静かな湖に浮かぶ夜 {n}, lantern-{n}\nNegative prompt: blurry\n\
         Steps: 20, Sampler: Euler a, CFG scale: 7.5, Seed: 18446744073709551615, Size: 16x16, Model: sea"
    );
    png_with(n, Some(&parameters))
}

/// A small PNG with this prompt.
pub fn picture_saying(n: u32, prompt: &str) -> Vec<u8> {
    png_with(n, Some(&format!("{prompt}\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: {n}, Size: 16x16")))
}

/// A small PNG without any text.
pub fn silent_picture(n: u32) -> Vec<u8> {
    png_with(n, None)
}

fn png_with(n: u32, parameters: Option<&str>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 16, 16);
    encoder.set_color(png::ColorType::Rgb);
    if let Some(text) = parameters {
        encoder.add_itxt_chunk("parameters".to_owned(), text.to_owned()).unwrap();
    }
    let mut state = n.wrapping_mul(2_654_435_761).wrapping_add(12345);
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    });
    let data: Vec<u8> = noise.take(16 * 16 * 3).collect();
    encoder.write_header().unwrap().write_image_data(&data).unwrap();
    bytes
}

//! Sample pictures that carry metadata as every supported generator writes it, byte for byte: kinds of chunks, names
//! of keys, charsets, order of bytes, order and spacing of JSON.
//!
//! Sources: the formats as `metadata` names them for each generator.

mod a1111;
mod avif;
mod comfyui;
mod container;
mod fooocus;
mod gallery;
mod hidden;
mod invokeai;
mod json;
mod novelai;
mod others;
mod provenance;
mod scenes;

use std::borrow::Borrow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use model::{Format, Recipe};

use crate::art::{Motif, Painting, paint, paint_in};
pub use container::{Chunk, Exif, Pixels};
pub(crate) use container::{png, riff, webp, zlib};
pub use gallery::gallery;
pub(crate) use json::{J, Style};
use scenes::palettes;
pub use scenes::{Language, negative, prompt};

/// A file, and what is to be read out of it.
#[derive(Clone)]
pub struct Sample {
    /// A short name of the writer: `a1111-png`, `comfyui-z-image-template` …
    pub writer: &'static str,
    /// As the generator names its files.
    pub file_name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// What the bytes are.
    pub format: Format,
    /// Width of the picture in pixels.
    pub width: u32,
    /// Height likewise.
    pub height: u32,
    /// When it was made, in milliseconds since the epoch; [`write_to`] gives the file this time.
    pub modified_ms: i64,
    /// What the file says.
    pub expected: Expected,
}

impl std::fmt::Debug for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sample({}, {} × {}, {} bytes)", self.writer, self.width, self.height, self.bytes.len())
    }
}

/// What a file says. Of the recipe the core fields are meant: generator, prompts, seed, steps, guidance, sampler,
/// scheduler, model, its hash, and the size.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Expected {
    /// `None` where the file has no prompt.
    pub recipe: Option<Recipe>,
    /// The vendor that a C2PA manifest names.
    pub c2pa: Option<&'static str>,
}

impl Expected {
    /// Names of the core fields in which a recipe differs from this one.
    pub fn differences(&self, recipe: Option<&Recipe>) -> Vec<&'static str> {
        let (Some(mine), Some(theirs)) = (&self.recipe, recipe) else {
            return if self.recipe.is_some() == recipe.is_some() { vec![] } else { vec!["recipe"] };
        };
        let same = [
            ("generator", mine.generator == theirs.generator),
            ("prompt", mine.prompt == theirs.prompt),
            ("negative_prompt", mine.negative_prompt == theirs.negative_prompt),
            ("seed", mine.seed == theirs.seed),
            ("steps", mine.steps == theirs.steps),
            ("cfg", mine.cfg == theirs.cfg),
            ("sampler", mine.sampler == theirs.sampler),
            ("scheduler", mine.scheduler == theirs.scheduler),
            ("model", mine.model == theirs.model),
            ("model_hash", mine.model_hash == theirs.model_hash),
            ("width", mine.width == theirs.width),
            ("height", mine.height == theirs.height),
        ];
        same.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
    }
}

/// How samples are made.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Longer edge in pixels.
    pub edge: u32,
}

impl Default for Options {
    /// Small, for tests.
    fn default() -> Self {
        Self { edge: 64 }
    }
}

/// What a writer is told.
pub(crate) struct Shot {
    pub painting: Painting,
    pub prompt: String,
    pub negative: String,
    pub seed: u64,
    /// Which picture of the day.
    pub number: u32,
    pub modified_ms: i64,
}

impl Shot {
    pub fn width(&self) -> u32 {
        self.painting.width
    }

    pub fn height(&self) -> u32 {
        self.painting.height
    }

    pub fn pixels(&self) -> Pixels<'_> {
        Pixels::Rgb(&self.painting)
    }

    /// A seed as the programs draw them that know 32 bits only.
    pub fn short_seed(&self) -> u64 {
        self.seed & 0xffff_ffff
    }

    /// The core of what is expected; writers add what else they say.
    pub fn recipe(&self, generator: &str) -> Recipe {
        Recipe {
            generator: Some(generator.to_owned()),
            prompt: Some(self.prompt.clone()),
            negative_prompt: Some(self.negative.clone()),
            seed: Some(self.short_seed().to_string()),
            width: Some(self.width()),
            height: Some(self.height()),
            ..Recipe::default()
        }
    }

    /// The day as `20261124` and the time as `050000`.
    pub fn date_and_time(&self) -> (String, String) {
        let compact = model::Timestamp::from_millis(self.modified_ms).compact();
        let (date, time) = compact.split_once('-').unwrap();
        (date.to_owned(), time.to_owned())
    }
}

/// A file as made by a writer.
pub(crate) struct Made {
    pub file_name: String,
    pub bytes: Vec<u8>,
    pub expected: Expected,
}

impl Made {
    pub fn new(file_name: String, bytes: Vec<u8>, recipe: Recipe) -> Self {
        Self { file_name, bytes, expected: Expected { recipe: Some(recipe), c2pa: None } }
    }
}

/// One way of writing.
pub(crate) struct Writer {
    pub name: &'static str,
    /// How often it is seen in a gallery.
    pub weight: u32,
    pub make: fn(&Shot) -> Made,
}

pub(crate) fn writers() -> Vec<Writer> {
    let lists = [
        comfyui::WRITERS,
        a1111::WRITERS,
        novelai::WRITERS,
        invokeai::WRITERS,
        fooocus::WRITERS,
        others::WRITERS,
        provenance::WRITERS,
    ];
    lists.into_iter().flatten().map(|writer| Writer { ..*writer }).collect()
}

/// Every writer in Japanese and English, in several shapes; names and bytes are all different.
pub fn all(options: &Options) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (n, writer) in writers().iter().enumerate() {
        for (l, language) in [Language::Japanese, Language::English].into_iter().enumerate() {
            let number = (n * 2 + l) as u32;
            let motif = Motif::ALL[number as usize % Motif::ALL.len()];
            let shape = gallery::SHAPES[number as usize % gallery::SHAPES.len()];
            let (width, height) = gallery::size(shape, options.edge);
            let shot = Shot {
                painting: paint_in(motif, palettes(motif, n)[0], u64::from(number), width, height),
                prompt: prompt(motif, language, n).to_owned(),
                negative: negative(language, n).to_owned(),
                seed: 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(u64::from(number) + 1),
                number,
                modified_ms: 1_790_000_000_000 + i64::from(number) * 37_000_000,
            };
            samples.push(finish(writer, &shot));
        }
    }
    samples
}

pub(crate) fn finish(writer: &Writer, shot: &Shot) -> Sample {
    let made = (writer.make)(shot);
    let format = container::format_of(&made.bytes);
    let (width, height) = match format {
        Format::Avif => (avif::WIDTH, avif::HEIGHT),
        _ => container::png_size(&made.bytes).unwrap_or((shot.width(), shot.height())),
    };
    Sample {
        writer: writer.name,
        file_name: made.file_name,
        format,
        bytes: made.bytes,
        width,
        height,
        modified_ms: shot.modified_ms,
        expected: made.expected,
    }
}

/// A PNG whose `parameters` chunk holds a text, `edge` pixels wide and high: for tests that bring their own words.
pub fn with_parameters(text: &str, edge: u32) -> Vec<u8> {
    let painting = paint(Motif::Water, 1, edge, edge);
    png(&Pixels::Rgb(&painting), &[Chunk::pillow("parameters", text)])
}

/// Writes samples into a folder (made where it is missing) with their times, and gives their paths. A name that is
/// taken gets a number.
///
/// # Errors
/// As the system says.
pub fn write_to<S: Borrow<Sample>>(
    dir: &Path,
    samples: impl IntoIterator<Item = S>,
) -> io::Result<Vec<PathBuf>> {
    fs::create_dir_all(dir)?;
    let mut paths = Vec::new();
    for sample in samples {
        let sample = sample.borrow();
        let mut path = dir.join(&sample.file_name);
        let (stem, ending) = sample.file_name.rsplit_once('.').unwrap_or((&sample.file_name, ""));
        let mut n = 2;
        while path.exists() {
            path = dir.join(format!("{stem} ({n}).{ending}"));
            n += 1;
        }
        fs::write(&path, &sample.bytes)?;
        let time = UNIX_EPOCH + Duration::from_millis(u64::try_from(sample.modified_ms).unwrap_or(0));
        fs::File::options().write(true).open(&path)?.set_modified(time)?;
        paths.push(path);
    }
    Ok(paths)
}

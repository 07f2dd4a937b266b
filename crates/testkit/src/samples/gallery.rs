//! A gallery as a person might have it: months of pictures from several programs, most from ComfyUI with
//! Z-Image-Turbo, every picture showing what its prompt says.

use super::scenes::palettes;
use super::{Language, Sample, Shot, Writer, finish, negative, prompt, writers};
use crate::art::noise::Rng;
use crate::art::{Motif, paint_in};

/// Shapes that people ask for, width by height.
pub(super) const SHAPES: [(u32, u32); 7] =
    [(1, 1), (3, 2), (2, 3), (16, 9), (832, 1216), (1216, 832), (4, 3)];

/// 2026-11-24T05:00:00Z, when the newest picture was made.
const NEWEST_MS: i64 = 1_795_496_400_000;
const DAY_MS: i64 = 86_400_000;
const SPAN_DAYS: f32 = 300.0;

/// A size of this shape whose longer edge is `edge`.
pub(super) fn size((w, h): (u32, u32), edge: u32) -> (u32, u32) {
    let long = w.max(h);
    // Generators work in blocks of eight pixels.
    let scale = |n: u32| (n * edge / long).next_multiple_of(8);
    (scale(w), scale(h))
}

/// `n` pictures, newest first, spread over about ten months; longer edge 512 to 1024 pixels. The same seed gives the
/// same pictures.
pub fn gallery(n: usize, seed: u64) -> impl Iterator<Item = Sample> {
    let writers = writers();
    let mut rng = Rng::new(seed);
    let mut motifs = Deck::default();
    let mut modified_ms = NEWEST_MS;
    // Days between two sittings, so that there are about ten months in all.
    let away = SPAN_DAYS / 0.30 / n.max(1) as f32;
    (0..n).map(move |at| {
        let motif = motifs.draw(&mut rng);
        let language = if rng.unit() < 0.6 { Language::Japanese } else { Language::English };
        let shape = shape_for(motif, &mut rng);
        let (width, height) = size(shape, *rng.pick(&[640, 768, 832, 1024]));
        let variant = rng.below(3);
        let palette = *rng.pick(palettes(motif, variant));
        // Several on one evening, then some days of nothing.
        let pause = if rng.unit() < 0.30 { rng.between(0.2, 1.8) * away } else { rng.between(0.001, 0.05) };
        modified_ms -= (pause as f64 * DAY_MS as f64) as i64;
        let shot = Shot {
            painting: paint_in(motif, palette, rng.next_u64(), width, height),
            prompt: prompt(motif, language, variant).to_owned(),
            negative: if rng.unit() < 0.5 {
                negative(language, rng.below(4)).to_owned()
            } else {
                String::new()
            },
            seed: rng.next_u64() >> 12,
            number: (n - at) as u32,
            modified_ms,
        };
        finish(pick(&writers, &mut rng), &shot)
    })
}

fn pick<'a>(writers: &'a [Writer], rng: &mut Rng) -> &'a Writer {
    let total: u32 = writers.iter().map(|writer| writer.weight).sum();
    let mut left = rng.below(total as usize) as u32;
    for writer in writers {
        if left < writer.weight {
            return writer;
        }
        left -= writer.weight;
    }
    &writers[0]
}

/// Flowers are square or tall, landscapes mostly wide.
fn shape_for(motif: Motif, rng: &mut Rng) -> (u32, u32) {
    let shapes: &[(u32, u32)] = match motif {
        Motif::Dahlia | Motif::Marble | Motif::Seigaiha => &[(1, 1), (1, 1), (832, 1216), (2, 3)],
        Motif::Sea | Motif::Clouds | Motif::Dunes | Motif::Lanterns | Motif::Night => {
            &[(3, 2), (16, 9), (1216, 832), (1, 1), (832, 1216)]
        }
        Motif::Window => &[(2, 3), (832, 1216), (1, 1)],
        _ => &SHAPES,
    };
    *rng.pick(shapes)
}

/// Every motif comes once before one comes again, so that neighbours differ.
#[derive(Default)]
struct Deck {
    left: Vec<Motif>,
}

impl Deck {
    fn draw(&mut self, rng: &mut Rng) -> Motif {
        if self.left.is_empty() {
            self.left = Motif::ALL.to_vec();
        }
        let at = rng.below(self.left.len());
        self.left.remove(at)
    }
}

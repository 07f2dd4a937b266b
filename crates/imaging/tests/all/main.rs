//! Decoding what encoders, cameras and hostile hands write, and what is made of it for the screen.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs
)]

mod avif;
mod corpus;
mod hostile;
mod jpeg;
mod oracle;
mod png_files;
mod samples;
mod screen;
mod webp;

//! The program that is shipped.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    z_image_desktop::main(z_image_desktop::Build::shipped())
}

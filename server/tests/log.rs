//! Everything that the service writes into its log while these tests run, at its most talkative.

use std::io::{self, Write};
use std::sync::{Mutex, Once};

static HEARD: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Ear;

impl Write for Ear {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        HEARD.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// From now on it is heard.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt().json().with_max_level(tracing::Level::TRACE).with_writer(|| Ear).init();
    });
}

/// Whether this was written.
pub fn holds(text: &str) -> bool {
    HEARD.lock().unwrap().windows(text.len()).any(|window| window == text.as_bytes())
}

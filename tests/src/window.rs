//! The real window, driven from outside: a virtual display, WebKit's own WebDriver, and the app as a person meets it.

pub mod app;
mod archive;
pub mod clipboard;
pub mod desktop;
pub mod display;
pub mod drag;
pub mod driver;
pub mod hands;
pub mod manager;
pub mod memory;
pub mod offline;
pub mod page;
pub mod person;
pub mod process;
pub mod wait;
pub mod words;

pub use app::{App, Home};
pub use display::Display;
pub use driver::{Element, Session};
pub use hands::Hands;
pub use page::Page;
pub use person::Person;
pub use words::Words;

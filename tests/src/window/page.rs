//! The page as a person knows it: parts by their role and their name.

use serde_json::{Value, json};

use super::driver::{Element, Session};
use super::wait::{until, until_or};

/// Finds what a screen reader would call by this role and name, and a person could use. A name that begins with `/` is
/// a regular expression.
const FIND: &str = include_str!("find.js");

/// A page to look at and to use.
pub struct Page<'a> {
    /// The page's session.
    pub session: &'a Session,
}

impl<'a> Page<'a> {
    /// The page of this session.
    pub fn new(session: &'a Session) -> Self {
        Self { session }
    }

    /// The element of this role and name, when there is one now.
    pub fn try_find(&self, role: &str, name: &str) -> Option<Element> {
        self.session.element(FIND, &[json!(role), json!(name)])
    }

    /// Waits for the element of this role and name.
    ///
    /// # Panics
    /// If it does not come.
    pub fn find(&self, role: &str, name: &str) -> Element {
        until_or(|| self.try_find(role, name), || self.lost(role, name))
    }

    fn lost(&self, role: &str, name: &str) -> String {
        format!("{role} “{name}” on this page:\n{}", self.text())
    }

    /// Clicks the element of this role and name when it can be clicked.
    ///
    /// # Panics
    /// If it never can be.
    pub fn click(&self, role: &str, name: &str) {
        let click = || self.session.click(&self.try_find(role, name)?).ok();
        until_or(click, || self.lost(role, name));
    }

    /// Waits until the element of this role and name is gone.
    ///
    /// # Panics
    /// If it stays.
    pub fn gone(&self, role: &str, name: &str) {
        until(&format!("{role} “{name}” to go"), || self.try_find(role, name).is_none().then_some(()));
    }

    /// Types into the element of this role and name.
    pub fn type_into(&self, role: &str, name: &str, text: &str) {
        self.session.type_into(&self.find(role, name), text);
    }

    /// Waits until the page shows this text.
    ///
    /// # Panics
    /// If it does not come.
    pub fn shows(&self, text: &str) {
        let shown = || self.text().contains(text).then_some(());
        until_or(shown, || format!("the text “{text}” on this page:\n{}", self.text()));
    }

    /// All text a person can see.
    pub fn text(&self) -> String {
        self.session.run("return document.body.innerText", &[]).as_str().unwrap_or_default().to_owned()
    }

    /// Runs a command of the table as the page would.
    ///
    /// # Errors
    /// Its code.
    pub fn call(&self, name: &str, request: &Value) -> Result<Value, Value> {
        let script = "return await window.__TAURI_INTERNALS__.invoke('call', { name: arguments[0], request: arguments[1] })";
        self.session.run_async(script, &[json!(name), request.clone()])
    }
}
